/** grant_type=refresh_token with rotation (RFC 6749 §6, rulings 13). */
import type { Database } from '../../database/index.ts';
import { type OAuthError, tokenErrors, wordsOf } from '../../protocol/oauth/index.ts';
import { after, type Clock } from '../../shared/clock.ts';
import { randomSecret } from '../../shared/ids.ts';
import { err, ok } from '../../shared/result.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { hmacSha256, sha256 } from '../../shared/secrets.ts';
import { readsGroups } from '../issue/claims.ts';
import type { Lifetimes } from '../issue/lifetimes.ts';
import { grantEvent, reuseEvent } from './events.ts';
import { diagnoseToken, type RefusedToken, rotateToken } from './rotate.ts';
import type { GrantType } from './token.ts';

export interface RefreshDeps {
  database: Database;
  clock: Clock;
  secretBox: SecretBox;
  lifetimes: Lifetimes;
}

export function refreshTokenGrant({ database, clock, secretBox, lifetimes }: RefreshDeps): GrantType {
  const key = secretBox.derive('refresh-rotation');
  const successorOf = (token: string) => `hub_rt_${hmacSha256(key, token).toString('base64url')}`;
  return async (input) => {
    const { request, issuer, client, parameters, access } = input;
    const token = parameters.get('refresh_token');
    if (token === undefined) return err(tokenErrors.missing('refresh_token'));
    const scopes = parameters.get('scope') === undefined ? null : wordsOf(parameters.get('scope'));

    const orgId = request.org.id;
    const tokenSha256 = sha256(token);
    const now = clock.now();
    const usedBefore = after(now, -lifetimes.refreshGrace);
    const asked = { appId: client.id, issuer: request.org.baseUrl + issuer.path };
    const successor = successorOf(token);
    const redeemed = await rotateToken(database, {
      orgId,
      tokenSha256,
      now,
      usedBefore,
      ...asked,
      assignedToEveryone: client.assignedToEveryone,
      withGroups: readsGroups(client, 'ID_TOKEN'),
      scopes,
      access,
      successor: { id: `RT.${randomSecret()}`, secretSha256: sha256(successor) },
      events: [grantEvent(input, 'refresh_token', now)],
    });
    if (redeemed !== null) return ok({ redeemed, refreshToken: successor });
    const refused = await diagnoseToken(database, {
      orgId,
      tokenSha256,
      now,
      usedBefore,
      reuse: reuseEvent(input, 'refresh_token_reused', now),
    });
    return err(errorFor(refused, asked, scopes));
  };
}

function errorFor(
  refused: RefusedToken | null,
  asked: { appId: string; issuer: string },
  scopes: string[] | null,
): OAuthError {
  if (refused === null) return tokenErrors.refreshTokenInvalid();
  if (refused.appId !== asked.appId) return tokenErrors.otherClient();
  if (refused.usedUp || !refused.alive || refused.issuer !== asked.issuer) return tokenErrors.refreshTokenInvalid();
  if (scopes?.some((scope) => !refused.scopes.includes(scope))) return tokenErrors.scopeWidened();
  return tokenErrors.userUnusable();
}
