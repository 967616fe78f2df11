/** Rules of API tokens: they act as their owner, slide with use, and are shown once. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, type Principal, requireVersion } from '../http/index.ts';
import { after, type Clock, DAY, MINUTE, SECOND } from '../shared/clock.ts';
import { newId, randomSecret } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import { PRODUCT } from '../shared/product.ts';
import { sha256 } from '../shared/secrets.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../system-log/index.ts';
import { type IssueBody, readNetwork, type TokenNetwork, type UpdateBody, windowFromWire } from './schema.ts';
import {
  type ApiToken,
  deleteToken,
  deleteTokensOf,
  findPresented,
  findToken,
  insertToken,
  listTokens,
  namesUsingZone,
  renewBootstrap,
  replaceBootstrap,
  slide,
  updateToken,
} from './store.ts';

export interface ApiTokens {
  /**
   * The owner of a valid token, in one statement; null for an unknown, expired or revoked one and for an owner who is not ACTIVE. Throws
   * E0000006 for a token that may not be used from this address.
   */
  verify(orgId: string, secret: string, ip: string): Promise<Principal | null>;
  list(orgId: string): Promise<ApiToken[]>;
  /** Throws E0000007. */
  get(orgId: string, id: string): Promise<ApiToken>;
  /** A new token of the caller; `secret` is told here and never again. */
  issue(caller: Caller, body: IssueBody): Promise<{ token: ApiToken; secret: string }>;
  /** Name, client name and network; the owner stays. Throws E0000001, E0000007, and 412 when it is not at `expectedVersion` any more. */
  update(caller: Caller, id: string, body: UpdateBody, expectedVersion: number | null): Promise<ApiToken>;
  revoke(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
  /** The token that the operator configured: any string; another one configured before is no longer valid. */
  ensureBootstrapToken(tx: Executor, orgId: string, userId: string, secret: string, at: Date): Promise<void>;
  removeOf(tx: Executor, orgId: string, userId: string): Promise<void>;
  /** The names of the tokens that a zone binds. */
  namesUsingZone(tx: Executor, orgId: string, zoneId: string): Promise<string[]>;
}

/** What the tokens ask of network zones. */
export interface ZonesPort {
  contains(orgId: string, zoneIds: readonly string[], ip: string): Promise<boolean>;
  /** Why zones cannot be referred to, one sentence each. */
  problemsOf(tx: Executor, orgId: string, zoneIds: readonly string[]): Promise<string[]>;
}

interface Deps {
  database: Database;
  clock: Clock;
  zones: ZonesPort;
}

export const TOKEN_PREFIX = 'hub_api_';
const DEFAULT_WINDOW_DAYS = 30;
const BOOTSTRAP_WINDOW_DAYS = 365;
const BOOTSTRAP_CLIENT = 'GATEHOUSE_API_TOKEN';
/** Use is noted at most this often, so that a call of the API is not a write. */
const NOTE_EVERY = MINUTE;
const MAX_SECRET_LENGTH = 1_024;

export function createApiTokens({ database, clock, zones }: Deps): ApiTokens {
  async function get(orgId: string, id: string): Promise<ApiToken> {
    const token = await findToken(database, orgId, id);
    if (token === null) throw apiErrors.notFound(id, 'ApiToken');
    return token;
  }
  return {
    get,
    list: (orgId) => listTokens(database, orgId),
    async verify(orgId, secret, ip) {
      if (secret.length === 0 || secret.length > MAX_SECRET_LENGTH) return null;
      const found = await findPresented(database, orgId, sha256(secret));
      const now = clock.now();
      if (found === null || found.expiresAt <= now || found.status !== 'ACTIVE') return null;
      if (!(await mayComeFrom(zones, orgId, found.network, ip)))
        throw apiErrors.forbidden('This API token may not be used from this network.');
      if (found.lastUsed === null || now.getTime() - found.lastUsed.getTime() >= NOTE_EVERY) {
        await slide(database, orgId, found.id, now, after(now, found.windowSeconds * SECOND));
      }
      return {
        kind: 'api-token',
        userId: found.userId,
        login: String(found.profile.login ?? ''),
        displayName: nameOf(found.profile),
        roles: found.roles,
        credentialId: found.id,
      };
    },
    async issue(caller, body) {
      const at = clock.now();
      const secret = TOKEN_PREFIX + randomSecret(32);
      const windowSeconds =
        body.tokenWindow === undefined ? (DEFAULT_WINDOW_DAYS * DAY) / SECOND : windowFromWire(body.tokenWindow);
      if (windowSeconds > (365 * DAY) / SECOND) throw apiErrors.validation('tokenWindow', 'tokenWindow: at most P365D');
      const token = newToken({
        name: body.name,
        userId: caller.actor.id,
        clientName: `${PRODUCT} API`,
        windowSeconds,
        at,
      });
      await inTransaction(database, async (tx) => {
        token.network = await usableNetwork(zones, tx, caller.orgId, body.network);
        await insertToken(tx, caller.orgId, token, sha256(secret));
        await record(tx, tokenEvent('system.api_token.create', caller, token, at));
      });
      return { token, secret };
    },
    update: (caller, id, body, expectedVersion) =>
      inTransaction(database, async (tx) => {
        const token = await findToken(tx, caller.orgId, id, true);
        if (token === null) throw apiErrors.notFound(id, 'ApiToken');
        requireVersion(expectedVersion, token);
        if (body.userId !== undefined && body.userId !== token.userId)
          throw apiErrors.validation('userId', 'userId: the owner of a token cannot be changed');
        const network =
          body.network === undefined ? token.network : await usableNetwork(zones, tx, caller.orgId, body.network);
        const at = clock.now();
        const clientName = token.clientName === BOOTSTRAP_CLIENT ? BOOTSTRAP_CLIENT : body.clientName;
        const changed: ApiToken = {
          ...token,
          name: body.name,
          network,
          clientName: clientName ?? token.clientName,
          lastUpdated: at,
          version: token.version + 1,
        };
        await updateToken(tx, caller.orgId, changed);
        await record(tx, tokenEvent('system.api_token.update', caller, changed, at));
        return changed;
      }),
    async revoke(caller, id, expectedVersion) {
      await inTransaction(database, async (tx) => {
        const token = await deleteToken(tx, caller.orgId, id);
        if (token === null) throw apiErrors.notFound(id, 'ApiToken');
        requireVersion(expectedVersion, token);
        await record(tx, tokenEvent('system.api_token.revoke', caller, token, clock.now()));
      });
    },
    async ensureBootstrapToken(tx, orgId, userId, secret, at) {
      const hash = sha256(secret);
      const windowSeconds = (BOOTSTRAP_WINDOW_DAYS * DAY) / SECOND;
      const token = newToken({ name: BOOTSTRAP_CLIENT, userId, clientName: BOOTSTRAP_CLIENT, windowSeconds, at });
      await replaceBootstrap(tx, orgId, BOOTSTRAP_CLIENT, hash);
      if (!(await insertToken(tx, orgId, token, hash))) {
        await renewBootstrap(tx, orgId, hash, { userId, expiresAt: token.expiresAt });
        return;
      }
      await record(tx, { orgId, type: 'system.api_token.create', at, targets: [targetOf(token)] });
    },
    removeOf: deleteTokensOf,
    namesUsingZone,
  };
}

async function mayComeFrom(zones: ZonesPort, orgId: string, network: TokenNetwork, ip: string): Promise<boolean> {
  if (network.connection === 'ANYWHERE') return true;
  const { include, exclude } = network;
  if (include.length > 0 && !(await zones.contains(orgId, include, ip))) return false;
  return exclude.length === 0 || !(await zones.contains(orgId, exclude, ip));
}

/** The network that a client sent, where its zones exist. Throws E0000001. */
async function usableNetwork(
  zones: ZonesPort,
  tx: Executor,
  orgId: string,
  sent: UpdateBody['network'],
): Promise<TokenNetwork> {
  const network = readNetwork(sent);
  if ('problem' in network) throw apiErrors.validation('network', network.problem);
  if (network.connection === 'ANYWHERE') return network;
  const problems = await zones.problemsOf(tx, orgId, [...network.include, ...network.exclude]);
  if (problems.length > 0) throw apiErrors.validation('network', ...problems.map((problem) => `network: ${problem}`));
  return network;
}

function newToken(input: Pick<ApiToken, 'name' | 'userId' | 'clientName' | 'windowSeconds'> & { at: Date }): ApiToken {
  const { at, ...rest } = input;
  const times = { created: at, lastUpdated: at, lastUsed: null, expiresAt: after(at, rest.windowSeconds * SECOND) };
  return { id: newId('apiToken', at), ...rest, network: { connection: 'ANYWHERE' }, version: 1, ...times };
}

function nameOf(profile: Record<string, Json>): string {
  return (
    [profile.firstName, profile.lastName].filter((part) => typeof part === 'string' && part !== '').join(' ') ||
    String(profile.login ?? '')
  );
}

const targetOf = (token: ApiToken) => ({
  id: token.id,
  type: 'Token',
  alternateId: token.clientName,
  displayName: token.name,
});

const tokenEvent = (type: EventTypeName, caller: Caller, token: ApiToken, at: Date) =>
  doneBy(caller, { type, at, targets: [targetOf(token)] });
