/**
 * grant_type=client_credentials (RFC 6749 §4.4): an application gets a token for itself, for the scopes of the management API that an
 * administrator has granted to it. Only the org's own issuer has such scopes, and only a client that proves itself by its key gets them.
 */
import type { Database } from '../../database/index.ts';
import { clientOf, createRateLimiter } from '../../http/index.ts';
import { type OAuthError, tokenErrors, wordsOf } from '../../protocol/oauth/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { err, ok } from '../../shared/result.ts';
import { type EventInput, record } from '../../system-log/index.ts';
import type { AuthorizationServerDeps } from '../ports.ts';
import { insertClientToken } from '../token-use/client-tokens.ts';
import { clientActor, clientTarget } from './events.ts';
import { type Granting, type GrantTypeInput, lifetimeOf } from './token.ts';

/** Refusals of one application that are written to the log within a minute; the rest only answers. */
const LOGGED_PER_MINUTE = 30;

export function clientCredentialsGrant({
  database,
  clock,
  apiScopes,
}: {
  database: Database;
  clock: Clock;
  apiScopes: AuthorizationServerDeps['apiScopes'];
}): Granting {
  const logged = createRateLimiter(LOGGED_PER_MINUTE, clock);

  async function refusalOf({ request, issuer, client, parameters }: GrantTypeInput): Promise<OAuthError | null> {
    if (client.authMethod !== 'private_key_jwt') return tokenErrors.keyRequired();
    const wanted = wordsOf(parameters.get('scope'));
    if (wanted.length === 0) return tokenErrors.scopeRequired();
    const granted = issuer.apiScopes ? await apiScopes(request.org.id, client.id) : new Set<string>();
    return wanted.every((scope) => granted.has(scope)) ? null : tokenErrors.scopeNotGranted();
  }

  return async (input) => {
    const { request, client, parameters, access } = input;
    const at = clock.now();
    const refusal = await refusalOf(input);
    if (refusal !== null) {
      if (logged.hit(client.id).allowed) await record(database, refusedEvent(input, refusal, at));
      return err(refusal);
    }
    const scopes = wordsOf(parameters.get('scope'));
    const event: EventInput = {
      ...eventAbout(input, at),
      type: 'app.oauth2.token.grant.access_token',
      targets: [
        { id: access.id, type: 'Access Token', alternateId: access.id, displayName: 'Access Token' },
        clientTarget(client),
      ],
      debugData: { grantType: 'client_credentials', clientId: client.clientId, scopes },
    };
    await insertClientToken(database, { orgId: request.org.id, appId: client.id, scopes, access, event });
    return ok({
      token_type: 'Bearer',
      expires_in: lifetimeOf(access),
      access_token: access.opaque ?? access.id,
      scope: scopes.join(' '),
    });
  };
}

const eventAbout = ({ request, client }: GrantTypeInput, at: Date) => ({
  orgId: request.org.id,
  at,
  actor: clientActor(client),
  client: clientOf(request),
  requestId: request.id,
});

const refusedEvent = (input: GrantTypeInput, refusal: OAuthError, at: Date): EventInput => ({
  ...eventAbout(input, at),
  type: 'app.oauth2.token.grant',
  outcome: { result: 'FAILURE', reason: refusal.error_description },
  targets: [clientTarget(input.client)],
  debugData: { code: refusal.error, grantType: 'client_credentials', clientId: input.client.clientId },
});
