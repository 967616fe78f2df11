/** Puts the parts of the authorization server together. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import type { OAuthError } from '../protocol/oauth/index.ts';
import { after, HOUR } from '../shared/clock.ts';
import { createAuthorize } from './authorize.ts';
import { accepts } from './checks/index.ts';
import type { Client } from './client.ts';
import { draftGrant, type GrantAuthentication, type GrantDraft } from './grants/draft.ts';
import { appsWithTokensOf, insertGrantSql, purgeExpired, revokeGrantsOf } from './grants/store.ts';
import { createIssuing } from './issue/issue.ts';
import { DEFAULT_LIFETIMES } from './issue/lifetimes.ts';
import { createKeys } from './keys/keys.ts';
import { ensureKeys, rotateDue, rotateNow } from './keys/rotation.ts';
import { keyRoutes } from './keys/routes.ts';
import { listKeys } from './keys/store.ts';
import { logout } from './logout.ts';
import type { AuthorizationServerDeps, TokenUser } from './ports.ts';
import type { AuthorizationRequest } from './request.ts';
import { respond, respondError } from './respond.ts';
import { endpointRoutes } from './routes.ts';
import { authorizationCodeGrant } from './token/authorization-code.ts';
import { createClientAuthentication } from './token/client-authentication.ts';
import { clientCredentialsGrant } from './token/client-credentials.ts';
import { refreshTokenGrant } from './token/refresh-token.ts';
import { createTokenEndpoint, forPerson } from './token/token.ts';
import { type ApiAccess, findApiAccess } from './token-use/api-access.ts';
import { introspect, revoke } from './token-use/introspect.ts';
import { userinfo } from './token-use/userinfo.ts';

export interface AuthorizationServer {
  /** A Fastify plugin with the endpoints of both issuers. */
  routes(server: FastifyInstance): Promise<void>;
  /** A Fastify plugin with the management of signing keys. */
  managementRoutes(server: FastifyInstance): Promise<void>;
  /** What a finished sign-in grants an application: `row` goes into its commit by `insertGrantSql`, `events` into its log events. */
  draftGrant(request: AuthorizationRequest, authentication: GrantAuthentication): GrantDraft;
  insertGrantSql(parameter: string): string;
  /** Whether a request that was checked before could be asked again of the application as it is now. */
  accepts(client: Client | null, request: AuthorizationRequest): boolean;
  /** Answers the application's request; the draft must be committed. */
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
    error: OAuthError,
  ): Promise<FastifyReply>;
  /** The org's signing keys at its first start; does nothing later. */
  ensureSigningKeys(tx: Executor, orgId: string): Promise<void>;
  /** The daily job: publishes and retires signing keys by their age. */
  rotateSigningKeys(): Promise<void>;
  /** The hourly job: deletes expired grants, tokens and used-up marks; returns how many rows. */
  purge(signal?: AbortSignal): Promise<number>;
  /** What an access token is worth at the management API; null for what is no such token, or no longer one. */
  apiAccess(org: { id: string; baseUrl: string }, token: string): Promise<ApiAccess | null>;
  /** Ids of the applications that hold tokens of a user. */
  appsWithTokensOf(orgId: string, userId: string): Promise<string[]>;
  /** Revokes every grant of a user, in the caller's transaction. */
  revokeGrantsOf(tx: Executor, orgId: string, userId: string, at: Date): Promise<void>;
  /** The `kid` that signs ID tokens of an algorithm now; null before the first key is made. */
  signingKeyId(orgId: string, alg: 'RS256' | 'ES256'): Promise<string | null>;
  /** The key that proves the hub to identity providers. */
  clientKey(orgId: string): Promise<{ kid: string; key: CryptoKey }>;
}

/** Rows stay a little longer than they are worth something, so that clocks of several hubs may differ. */
const PURGE_DELAY = HOUR;

export function createAuthorizationServer(given: AuthorizationServerDeps): AuthorizationServer {
  const { database, clock, applications, signIn, pages, traces, secretBox, configuration, log } = given;
  const lifetimes = { ...DEFAULT_LIFETIMES, ...given.lifetimes };
  const keys = createKeys(given);
  const issuing = createIssuing({ keys, clock, lifetimes });
  const authentication = createClientAuthentication({
    applications,
    database,
    clock,
    failuresPerMinute: given.failuresPerMinute,
  });
  const use = { database, authentication, keys, clock, applications };
  const rotation = {
    database,
    configuration,
    secretBox,
    clock,
    longestToken: Math.max(lifetimes.idToken, lifetimes.accessToken),
  };
  const grantTypes = {
    authorization_code: forPerson({ issuing, traces }, authorizationCodeGrant({ database, clock })),
    refresh_token: forPerson({ issuing, traces }, refreshTokenGrant({ database, clock, secretBox, lifetimes })),
    client_credentials: clientCredentialsGrant({ database, clock, apiScopes: given.apiScopes }),
  };
  const endpoints = {
    authorize: createAuthorize({ ...given, lifetimes, keys, issuing }),
    token: createTokenEndpoint({ authentication, issuing, grantTypes }),
    userinfo: userinfo.bind(null, use),
    introspect: introspect.bind(null, use),
    revoke: revoke.bind(null, use),
    logout: logout.bind(null, { applications, keys, signIn, pages }),
  };
  return {
    routes: endpointRoutes(endpoints, { keys, applications }),
    managementRoutes: keyRoutes({
      clock,
      list: (orgId) => listKeys(database, orgId),
      rotate: (orgId, actor) => rotateNow(rotation, orgId, actor),
    }),
    draftGrant: (request, by) => draftGrant(request, by, { now: clock.now(), lifetimes }),
    insertGrantSql,
    accepts,
    respond: (request, reply, authorization, draft, user) =>
      respond({ applications, database, pages, issuing }, request, reply, authorization, draft, user),
    respondError: (request, reply, authorization, error) =>
      respondError({ pages }, request, reply, authorization, error),
    ensureSigningKeys: (tx, orgId) => ensureKeys(rotation, tx, orgId),
    async rotateSigningKeys() {
      const published = await rotateDue(rotation);
      if (published > 0) log.info('signing_keys.published', { keys: published });
    },
    async purge(signal) {
      const rows = await purgeExpired(database, after(clock.now(), -PURGE_DELAY), signal);
      if (rows > 0) log.info('grants.purged', { rows });
      return rows;
    },
    apiAccess: ({ id, baseUrl }, token) =>
      findApiAccess(database, { orgId: id, issuer: baseUrl, token, now: clock.now() }),
    appsWithTokensOf: (orgId, userId) => appsWithTokensOf(database, orgId, userId, clock.now()),
    revokeGrantsOf,
    signingKeyId: (orgId, alg) => keys.signingKeyId(orgId, alg),
    clientKey: (orgId) => keys.clientKey(orgId),
  };
}
