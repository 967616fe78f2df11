/** An application as a running sign-in sees it: defaults filled in, expressions compiled. */
import { compile, type Expression } from '../expressions/index.ts';
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
  };
}
