/** What sign-in asks of the rest of the house; app.ts supplies it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CompiledApplication } from '../applications/index.ts';
import type {
  AuthorizationRequest,
  GrantAuthentication,
  GrantDraft,
  TokenUser,
} from '../authorization-server/index.ts';
import type { GroupRules } from '../directory/group-rules/index.ts';
import type { CompiledSchema, Violation } from '../directory/profile-schemas/index.ts';
import type { ClientInfo } from '../http/index.ts';
import type { IdentityProvider } from '../identity-providers/index.ts';
import type { CompiledMapping, ProfileUpdate, UpdateInput } from '../profile-mappings/index.ts';
import type { RouteContext, RouteDecision, SignOnContext, SignOnDecision } from '../routing-rules/index.ts';
import type { Json } from '../shared/json.ts';
import type { Result } from '../shared/result.ts';

type Profile = Record<string, Json>;

export interface SignInPorts {
  applications: { byId(orgId: string, id: string): Promise<CompiledApplication | null> };
  identityProviders: { byId(orgId: string, id: string): Promise<IdentityProvider | null> };
  routing: {
    /** `login`: typed or suggested; null when nothing is known yet. `person`: the profile, where it is known. */
    decide(orgId: string, context: Omit<RouteContext, 'appType'>): Promise<RouteDecision>;
    /** Whether the rule is still active and names the provider. */
    stillOffers(orgId: string, ruleId: string, providerId: string): Promise<boolean>;
  };
  /** What the sign-on policies say of a session that is about to begin; asks no database. */
  signOn(orgId: string, context: SignOnContext): Promise<SignOnDecision>;
  mappings: {
    /** To a user type; without one to the default type. */
    compiled(orgId: string, sourceId: string, userTypeId?: string): Promise<CompiledMapping>;
    /** Claims under their own names, and under the variable names of the provider's profile. */
    sourceProfile(schema: CompiledSchema, claims: Profile): Profile;
    /** What a provider's profile changes in the profile of a known user. */
    profileUpdate(
      compiled: { userSchema: CompiledSchema; mapping: CompiledMapping },
      input: UpdateInput,
    ): ProfileUpdate;
  };
  schemas: {
    /** Of a user type; without one of the default type. */
    user(orgId: string, typeId?: string): Promise<CompiledSchema>;
    of(orgId: string, ownerId: string): Promise<CompiledSchema>;
    validate(schema: CompiledSchema, profile: Profile): Violation[];
    /** The values as the schema's types want them; what cannot be converted is a violation. */
    coerce(schema: CompiledSchema, values: Profile): { values: Profile; violations: Violation[] };
    /** The rows that a profile's unique and sensitive values leave beside it. */
    valueRows(schema: CompiledSchema, profile: Profile): { attribute: string; valueKey: string; isUnique: boolean }[];
  };
  /** Ids of active providers that are profile sources. */
  profileSources(orgId: string): Promise<ReadonlySet<string>>;
  /** The active group rules, and what they give to a person: the sign-in writes it. */
  groupRules: Pick<GroupRules, 'compiled' | 'outcome'>;
  canonicalLogin(login: string): Result<string, string>;
  canonicalEmail(email: string): Result<string, string>;
  passwords: {
    /** The user who proves this login and password; the check costs the same whether or not the login exists. */
    check(guess: Guess): Promise<PasswordOutcome>;
  };
  ownPasswords: {
    /** Whom a link to set a password belongs to while it can be used; null for any other text. Uses nothing up. */
    find(orgId: string, token: string): Promise<{ purpose: 'activate' | 'reset'; login: string } | null>;
    /** Sets the password and uses the link up; null where it cannot be used (any more). */
    redeem(input: OwnPassword & { token: string }): Promise<{ loginKey: string } | null>;
    /** Another password for one that has expired; 'same' where it is the old one, null where the user was changed meanwhile. */
    renew(input: OwnPassword & { userId: string; version: number }): Promise<{ loginKey: string } | 'same' | null>;
    /** Leaves the wish for a link to a job: whether there is such a person is not looked at here. */
    wishLink(wish: { orgId: string; login: string; language: string }): Promise<void>;
  };
  authorization: {
    /** Whether the application is still active and has the request's redirect URI: both may have changed since the request was checked. */
    accepts(application: CompiledApplication | null, request: AuthorizationRequest): boolean;
    draftGrant(request: AuthorizationRequest, authentication: GrantAuthentication): GrantDraft;
    insertGrantSql(parameter: string): string;
    respond(
      request: FastifyRequest,
      reply: FastifyReply,
      authorization: AuthorizationRequest,
      draft: GrantDraft,
      user: TokenUser,
    ): Promise<FastifyReply>;
    respondError(
      request: FastifyRequest,
      reply: FastifyReply,
      authorization: AuthorizationRequest,
      error: { error: string; error_description: string },
    ): Promise<FastifyReply>;
  };
  org: { createsUsers(orgId: string): Promise<boolean>; name(orgId: string): Promise<string> };
  /** The providers that a person is linked to. */
  linkedIdentities(orgId: string, userId: string): Promise<{ name: string; since: Date }[]>;
  /** The tiles of the dashboard. */
  appLinks(orgId: string, userId: string): Promise<{ label: string; href: string }[]>;
}

/** Where something was typed. */
export interface Whence {
  orgId: string;
  baseUrl: string;
  client: ClientInfo;
  requestId: string;
}

/** A password that a person chose, and where from. */
export interface OwnPassword extends Whence {
  password: string;
}

/** A login and a password as somebody typed them, and where. */
export interface Guess extends Whence {
  login: string;
  password: string;
}

export type PasswordOutcome =
  | { kind: 'right'; user: PasswordUser; status: string }
  | { kind: 'wrong'; userId: string | null; status: string | null }
  | { kind: 'limited'; retryAfterSeconds: number };

export interface PasswordUser {
  id: string;
  login: string;
  version: number;
  profile: Profile;
  emailVerified: boolean;
  lastUpdated: Date;
  passwordChanged?: Date | null;
  isAdministrator: boolean;
  isSuperAdministrator: boolean;
  /** Everyone left out. */
  groupIds: string[];
  /** Applications that the user is assigned to, Everyone's left out. */
  appIds: string[];
}
