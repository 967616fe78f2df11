/** Who calls the token endpoint and its neighbours (contract §11.3): basic, post, private_key_jwt or, for public clients, the id alone. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/index.ts';
import { apiErrors, clientOf, createRateLimiter, networkOf, type RateState } from '../../http/index.ts';
import { type Jwks, type JwsHeader, parseJwks, selectKeys, verifyJws } from '../../protocol/jose/index.ts';
import {
  ASSERTION_ALGORITHMS,
  type ClientCredentials,
  checkAssertion,
  type OAuthError,
  type Parameters,
  readCredentials,
  tokenErrors,
} from '../../protocol/oauth/index.ts';
import { type Clock, epochSeconds } from '../../shared/clock.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { sha256 } from '../../shared/secrets.ts';
import { record } from '../../system-log/index.ts';
import type { Client, Clients } from '../client.ts';
import type { Issuer } from '../issuers.ts';

export interface ClientAuthentication {
  /** The active client that the request proves to come from. Every error but `invalid_request` is a 401. */
  authenticate(request: FastifyRequest, issuer: Issuer, parameters: Parameters): Promise<Result<Client, OAuthError>>;
}

/** Refusals of one client that are written to the log within a minute; the rest only answers. */
const LOGGED_PER_MINUTE = 30;
/** Refusals of one network within a minute, where the org has no limit of its own. */
const USUAL_FAILURES = 60;
/** The two ways of sending a secret count as one method, as clients take them for one. */
const SECRET_METHODS = new Set(['client_secret_basic', 'client_secret_post']);

export function createClientAuthentication(deps: {
  applications: Clients;
  database: Database;
  clock: Clock;
  failuresPerMinute(orgId: string): Promise<number>;
}): ClientAuthentication {
  const { applications, database, clock } = deps;
  const failures = createRateLimiter(USUAL_FAILURES, clock);
  const logged = createRateLimiter(LOGGED_PER_MINUTE, clock);
  const prove = createProofs(database, clock);

  return {
    async authenticate(request, issuer, parameters) {
      const key = `${request.org.id} ${networkOf(request.ip)}`;
      const limit = await deps.failuresPerMinute(request.org.id);
      const { allowed, reset, ...state } = failures.peek(key, limit);
      if (!allowed) throw tooMany({ ...state, reset }, clock);
      const authenticated = await authenticate(request, issuer, parameters);
      if (!authenticated.ok) failures.hit(key, limit);
      return authenticated;
    },
  };

  async function authenticate(
    request: FastifyRequest,
    issuer: Issuer,
    parameters: Parameters,
  ): Promise<Result<Client, OAuthError>> {
    const read = readCredentials(request.headers.authorization, parameters);
    if (!read.ok) return read;
    const credentials = read.value;
    const clientId = credentials.clientId ?? claimedBy(credentials);
    const client =
      clientId === null || clientId.length > 255 ? null : await applications.byClientId(request.org.id, clientId);
    if (client === null) return err(tokenErrors.clientInvalid());
    const refusal =
      client.status === 'ACTIVE' ? await prove(request, issuer, client, credentials) : tokenErrors.clientInvalid();
    if (refusal === null) return ok(client);
    if (logged.hit(client.id).allowed) await recordRefusal(database, request, client, refusal, clock.now());
    return err(refusal);
  }
}

/** As the management API says it, which is what clients know to wait for. */
function tooMany({ limit, remaining, reset }: Omit<RateState, 'allowed'>, clock: Clock) {
  const error = apiErrors.rateLimited(Math.max(1, reset - epochSeconds(clock.now())));
  const told = { 'X-Rate-Limit-Limit': limit, 'X-Rate-Limit-Remaining': remaining, 'X-Rate-Limit-Reset': reset };
  for (const [name, value] of Object.entries(told)) error.headers[name] = String(value);
  return error;
}

function createProofs(database: Database, clock: Clock) {
  const keySets = new WeakMap<object, Jwks | null>();
  const keysOf = (client: Client): Jwks | null => {
    if (client.jwks === null || typeof client.jwks !== 'object') return null;
    const known = keySets.get(client.jwks);
    if (known !== undefined) return known;
    const parsed = parseJwks(JSON.stringify(client.jwks));
    keySets.set(client.jwks, parsed.ok ? parsed.value : null);
    return parsed.ok ? parsed.value : null;
  };

  async function proveAssertion(
    request: FastifyRequest,
    issuer: Issuer,
    client: Client,
    assertion: string,
  ): Promise<OAuthError | null> {
    const keys = keysOf(client);
    if (client.authMethod !== 'private_key_jwt' || keys === null) return tokenErrors.clientInvalid();
    const verified = await verifyJws(assertion, {
      keys: async (header: JwsHeader) => selectKeys(keys, header),
      algorithms: ASSERTION_ALGORITHMS,
    });
    if (!verified.ok) return tokenErrors.assertionInvalid('its signature cannot be verified with a registered key.');
    const base = request.org.baseUrl;
    const audiences = [base + issuer.path, `${base}${issuer.endpoints}/token`, base + request.url.split('?')[0]];
    const checked = checkAssertion(verified.value.payload, {
      clientId: client.clientId,
      audiences,
      now: epochSeconds(clock.now()),
    });
    if (!checked.ok) return tokenErrors.assertionInvalid(checked.error);
    const { rowCount } = await database.query({
      name: 'assertion_consume',
      text: 'insert into consumed_once (org_id, key, until) values ($1, $2, $3) on conflict do nothing',
      values: [
        request.org.id,
        `assertion:${client.id}:${sha256(checked.value.jti).toString('base64url')}`,
        new Date(checked.value.until * 1000),
      ],
    });
    return rowCount === 1 ? null : tokenErrors.assertionInvalid("its 'jti' was used before.");
  }

  return async (
    request: FastifyRequest,
    issuer: Issuer,
    client: Client,
    credentials: ClientCredentials,
  ): Promise<OAuthError | null> => {
    switch (credentials.kind) {
      case 'assertion':
        return proveAssertion(request, issuer, client, credentials.assertion);
      case 'secret': {
        const { secretSha256 } = client;
        if (!SECRET_METHODS.has(client.authMethod) || secretSha256 === null) return tokenErrors.clientInvalid();
        const right = credentials.secrets.some((secret) => timingSafeEqual(sha256(secret), secretSha256));
        return right ? null : tokenErrors.secretInvalid();
      }
      case 'none':
        return client.authMethod === 'none' ? null : tokenErrors.credentialsMissing();
    }
  };
}

/** The client that an assertion speaks of: only to find its keys, nothing is believed yet. */
function claimedBy(credentials: ClientCredentials): string | null {
  if (credentials.kind !== 'assertion') return null;
  try {
    const payload: unknown = JSON.parse(Buffer.from(credentials.assertion.split('.')[1] ?? '', 'base64url').toString());
    const { sub } = payload as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

async function recordRefusal(
  database: Database,
  request: FastifyRequest,
  client: Client,
  refusal: OAuthError,
  at: Date,
): Promise<void> {
  await record(database, {
    orgId: request.org.id,
    type: 'app.oauth2.client.authentication',
    at,
    outcome: { result: 'FAILURE', reason: refusal.error_description },
    targets: [{ id: client.id, type: 'AppInstance', alternateId: client.label, displayName: client.label }],
    client: clientOf(request),
    requestId: request.id,
    debugData: { code: refusal.error, clientId: client.clientId },
  });
}
