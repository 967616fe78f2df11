/** Introspection (RFC 7662) and revocation (RFC 7009): a client proves itself and speaks of a token. */
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/index.ts';
import { clientOf } from '../../http/index.ts';
import { type OAuthError, parametersOf, tokenErrors } from '../../protocol/oauth/index.ts';
import { type Clock, epochSeconds } from '../../shared/clock.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EventInput } from '../../system-log/index.ts';
import type { Client } from '../client.ts';
import type { Issuer } from '../issuers.ts';
import type { Keys } from '../keys/keys.ts';
import type { ClientAuthentication } from '../token/client-authentication.ts';
import { clientActor, clientTarget } from '../token/events.ts';
import { findClientToken, revokeClientToken } from './client-tokens.ts';
import { tokenKey } from './presented.ts';
import { findLiveToken, revokeToken } from './store.ts';

export interface TokenUseDeps {
  database: Database;
  authentication: ClientAuthentication;
  keys: Keys;
  clock: Clock;
}

const INACTIVE = { active: false };

/**
 * A confidential client may ask about any access token of the issuer (it may be the API that the token is for), a public one about its
 * own only; refresh tokens are answered for to their own client only.
 */
export async function introspect(
  deps: TokenUseDeps,
  request: FastifyRequest,
  issuer: Issuer,
): Promise<Result<Record<string, unknown>, OAuthError>> {
  const asked = await readRequest(deps, request, issuer);
  if (!asked.ok) return asked;
  const { client, token } = asked.value;
  const key = await tokenKey(deps.keys, request.org.id, token);
  const found = key === null ? null : await findLiveToken(deps.database, request.org.id, key, deps.clock.now());
  if (found === null && key !== null) return ok(await describeClientToken(deps, request, issuer, client, key));
  if (found === null || found.issuer !== request.org.baseUrl + issuer.path) return ok(INACTIVE);
  if (found.appId !== client.id && (found.kind === 'refresh' || client.authMethod === 'none')) return ok(INACTIVE);
  return ok({
    active: true,
    ...(found.kind === 'access' ? { token_type: 'Bearer' } : {}),
    scope: found.scopes.join(' '),
    client_id: found.clientId,
    uid: found.user.id,
    username: found.user.login,
    sub: found.user.login,
    iss: found.issuer,
    aud: found.audience,
    jti: found.id,
    iat: epochSeconds(found.created),
    exp: epochSeconds(found.expires),
  });
}

/** A token that an application got for itself: it speaks of no user. */
async function describeClientToken(
  { database, clock }: TokenUseDeps,
  { org }: FastifyRequest,
  issuer: Issuer,
  client: Client,
  key: Buffer,
): Promise<Record<string, unknown>> {
  const found = issuer.apiScopes ? await findClientToken(database, org.id, key, clock.now()) : null;
  if (found === null || (found.appId !== client.id && client.authMethod === 'none')) return INACTIVE;
  return {
    active: true,
    token_type: 'Bearer',
    scope: found.scopes.join(' '),
    client_id: found.clientId,
    sub: found.clientId,
    iss: org.baseUrl,
    aud: found.audience,
    jti: found.id,
    iat: epochSeconds(found.created),
    exp: epochSeconds(found.expires),
  };
}

/** Ends a token of the client's own; a token that is unknown or somebody else's is no error (RFC 7009 §2.2). */
export async function revoke(
  deps: TokenUseDeps,
  request: FastifyRequest,
  issuer: Issuer,
): Promise<Result<null, OAuthError>> {
  const asked = await readRequest(deps, request, issuer);
  if (!asked.ok) return asked;
  const { client, token } = asked.value;
  const orgId = request.org.id;
  const secretSha256 = await tokenKey(deps.keys, orgId, token);
  if (secretSha256 === null) return ok(null);
  const now = deps.clock.now();
  const revocation = {
    orgId,
    secretSha256,
    appId: client.id,
    now,
    event: {
      orgId,
      type: 'app.oauth2.token.revoke',
      at: now,
      actor: clientActor(client),
      client: clientOf(request),
      requestId: request.id,
      targets: [clientTarget(client)],
      debugData: { clientId: client.clientId },
    } satisfies EventInput,
  };
  await revokeToken(deps.database, revocation);
  await revokeClientToken(deps.database, revocation);
  return ok(null);
}

async function readRequest(
  deps: TokenUseDeps,
  request: FastifyRequest,
  issuer: Issuer,
): Promise<Result<{ client: Client; token: string }, OAuthError>> {
  if (!(request.body instanceof URLSearchParams)) return err(tokenErrors.notAForm());
  const parameters = parametersOf(request.body);
  const repeated = parameters.repeated();
  if (repeated !== null) return err(tokenErrors.duplicated(repeated));
  const authenticated = await deps.authentication.authenticate(request, issuer, parameters);
  if (!authenticated.ok) return authenticated;
  const token = parameters.get('token');
  return token === undefined ? err(tokenErrors.missing('token')) : ok({ client: authenticated.value, token });
}
