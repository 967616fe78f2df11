/** Userinfo (OIDC Core §5.3, contract §11.4): what the access token's scopes open. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/index.ts';
import { BEARER_CHALLENGE } from '../../protocol/oauth/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Clients } from '../client.ts';
import { findGroups } from '../grants/store.ts';
import { claimsProfileOf, readsGroups } from '../issue/claims.ts';
import type { Issuer } from '../issuers.ts';
import type { Keys } from '../keys/keys.ts';
import { tokenKey } from './presented.ts';
import { findLiveToken } from './store.ts';

export interface UserinfoDeps {
  database: Database;
  applications: Clients;
  keys: Keys;
  clock: Clock;
}

export async function userinfo(
  deps: UserinfoDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  issuer: Issuer,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  const { authorization } = request.headers;
  if (authorization === undefined) return refuse(reply, 401, BEARER_CHALLENGE.missing);
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  const orgId = request.org.id;
  const key = token === undefined ? null : await tokenKey(deps.keys, orgId, token);
  const found = key === null ? null : await findLiveToken(deps.database, orgId, key, deps.clock.now());
  if (found === null || found.kind !== 'access' || found.issuer !== request.org.baseUrl + issuer.path) {
    return refuse(reply, 401, BEARER_CHALLENGE.invalid);
  }
  if (!found.scopes.includes('openid')) return refuse(reply, 403, BEARER_CHALLENGE.scope);
  const client = await deps.applications.byId(orgId, found.appId);
  if (client === null) return refuse(reply, 401, BEARER_CHALLENGE.invalid);
  const user = readsGroups(client, 'USERINFO')
    ? { ...found.user, groups: await findGroups(deps.database, orgId, found.user.id) }
    : found.user;
  return reply.type('application/json').send(claimsProfileOf(client).userinfo(client, user, found.scopes, found.amr));
}

const refuse = (reply: FastifyReply, status: number, challenge: string) =>
  reply.status(status).header('www-authenticate', challenge).send();
