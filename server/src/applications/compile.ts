/** An application as a running sign-in sees it: defaults filled in, expressions compiled. */
import type { CompiledSchema } from '../directory/profile-schemas/index.ts';
import { compile, type Expression } from '../expressions/index.ts';
import type { OutboundMappings } from '../profile-mappings/index.ts';
import type { Json } from '../shared/json.ts';
import type { ApplicationStatus, ApplicationType, AuthMethod, ClaimLocation, IdTokenAlgorithm, Jwk } from './schema.ts';
import type { StoredApplication } from './store.ts';

export interface CompiledApplication {
  id: string;
  clientId: string;
  name: string;
  label: string;
  status: ApplicationStatus;
  applicationType: ApplicationType;
  authMethod: AuthMethod;
  /** SHA-256 of the client secret; null for a client without one. */
  secretSha256: Buffer | null;
  /** Public keys of a client that authenticates by private_key_jwt. */
  jwks: { keys: Jwk[] } | null;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  grantTypes: string[];
  responseTypes: string[];
  requirePkce: boolean;
  idTokenAlg: IdTokenAlgorithm;
  initiateLoginUri: string | null;
  /** Whether it has a tile on the dashboard: not hidden, and with an address at which a sign-in can begin. */
  visible: boolean;
  /** Everyone's membership is computed, so this assignment has no rows. */
  assignedToEveryone: boolean;
  /** Ids of the assigned groups, Everyone left out. */
  assignedGroups: string[];
  claims: CompiledClaim[];
  /** The user name that a person has at the application, of scope `userToApp`; null where the template is not readable. */
  userName: Expression | null;
  /** The attributes that people and groups have there. */
  schema: CompiledSchema | null;
  /**
   * The user's profile at the application: `stored` is what was said of the user there and at the assignment. Attributes that are pushed
   * follow the user's profile; others that nobody has set begin with what their mapping gives.
   */
  profileOf(user: MappedUser, stored: Record<string, Json> | null): Record<string, Json>;
  /** What a new assignment begins with. */
  profileAtAssignment(user: MappedUser): Record<string, Json>;
  /** The attributes that are pushed, with the values that this user has. */
  pushedTo(user: MappedUser): { names: ReadonlySet<string>; values: Record<string, Json> };
}

/** `typeId`: the default user type's unless it is known. */
export interface MappedUser {
  id: string;
  profile: Record<string, Json>;
  typeId?: string;
  status?: string;
}

export interface CompiledClaim {
  name: string;
  /** Scope `claims`: bindings `user`, `appuser`, `app`, `session`. */
  program: Expression;
  location: ClaimLocation;
}

export function compileApplication(
  row: StoredApplication,
  groups: { everyone: boolean; ids: string[] },
  { mappings, schema }: { mappings: OutboundMappings; schema: CompiledSchema | null },
): CompiledApplication {
  const { config } = row;
  const client = config.oauthClient;
  const userName = compile(config.userNameTemplate.template, 'userToApp');
  return {
    id: row.id,
    clientId: row.clientId,
    name: row.name,
    label: row.label,
    status: row.status,
    applicationType: client.application_type,
    authMethod: config.authMethod,
    secretSha256: row.secretSha256,
    jwks: client.jwks,
    redirectUris: client.redirect_uris,
    postLogoutRedirectUris: client.post_logout_redirect_uris,
    grantTypes: client.grant_types,
    responseTypes: client.response_types,
    requirePkce: config.pkceRequired || config.authMethod === 'none',
    idTokenAlg: client.id_token_signed_response_alg,
    initiateLoginUri: client.initiate_login_uri,
    visible: !config.visibility.hide.web && client.initiate_login_uri !== null,
    assignedToEveryone: groups.everyone,
    assignedGroups: groups.ids,
    claims: client.claims.flatMap(({ name, expression, location }) => {
      const program = compile(expression, 'claims');
      return program.ok ? [{ name, program: program.value, location }] : [];
    }),
    userName: userName.ok ? userName.value : null,
    schema,
    ...profiles({ id: row.id, label: row.label }, mappings, schema),
  };
}

const NO_NAMES: ReadonlySet<string> = new Set();

function profiles(
  app: { id: string; label: string },
  mappings: OutboundMappings,
  schema: CompiledSchema | null,
): Pick<CompiledApplication, 'profileOf' | 'profileAtAssignment' | 'pushedTo'> {
  const mapped = ({ id, profile, typeId, status = 'ACTIVE' }: MappedUser) => {
    const mapping = mappings.to(app.id, typeId);
    return mapping === null ? null : { mapping, ...mapping.evaluate({ user: profile, app, internal: { id, status } }) };
  };
  return {
    profileOf(user, stored) {
      const made = mapped(user);
      const kept = known(stored ?? {}, schema);
      if (made === null) return kept;
      const own = Object.entries(kept).filter(([name]) => !made.mapping.pushed.has(name));
      return { ...made.atAssignment, ...Object.fromEntries(own), ...made.pushed };
    },
    profileAtAssignment: (user) => mapped(user)?.atAssignment ?? {},
    pushedTo(user) {
      const made = mapped(user);
      return { names: made?.mapping.pushed ?? NO_NAMES, values: made?.pushed ?? {} };
    },
  };
}

/** The attributes that the schema still has; a value of one that was removed is not shown. */
export function known(profile: Record<string, Json>, schema: CompiledSchema | null): Record<string, Json> {
  const names = Object.entries(profile).filter(([name]) => schema?.attributes.has(name) !== false);
  return Object.fromEntries(names);
}
