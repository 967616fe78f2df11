/** grant_type=authorization_code (RFC 6749 §4.1.3, RFC 7636 §4.5). */
import type { Database } from '../../database/index.ts';
import { challengeOf, type OAuthError, tokenErrors } from '../../protocol/oauth/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { randomSecret } from '../../shared/ids.ts';
import { err, ok } from '../../shared/result.ts';
import { sha256 } from '../../shared/secrets.ts';
import { readsGroups } from '../issue/claims.ts';
import { grantEvent, reuseEvent } from './events.ts';
import { diagnoseCode, type RefusedCode, redeemCode } from './redeem.ts';
import type { GrantType } from './token.ts';

/** No challenge equals it: a verifier that is none must not pass for "no verifier". */
const NO_VERIFIER = '';

export function authorizationCodeGrant({ database, clock }: { database: Database; clock: Clock }): GrantType {
  return async (input) => {
    const { request, issuer, client, parameters, access } = input;
    const code = parameters.get('code');
    if (code === undefined) return err(tokenErrors.missing('code'));
    const redirectUri = parameters.get('redirect_uri');
    if (redirectUri === undefined) return err(tokenErrors.missing('redirect_uri'));
    const verifier = parameters.get('code_verifier');
    const challenge = verifier === undefined ? null : (challengeOf(verifier) ?? NO_VERIFIER);
    const refreshToken = client.grantTypes.includes('refresh_token') ? `hub_rt_${randomSecret()}` : null;

    const orgId = request.org.id;
    const codeSha256 = sha256(code);
    const now = clock.now();
    const asked = { appId: client.id, issuer: request.org.baseUrl + issuer.path, redirectUri, challenge };
    const redeemed = await redeemCode(database, {
      orgId,
      codeSha256,
      now,
      ...asked,
      assignedToEveryone: client.assignedToEveryone,
      withGroups: readsGroups(client, 'ID_TOKEN'),
      access,
      refresh: refreshToken === null ? null : { id: `RT.${randomSecret()}`, secretSha256: sha256(refreshToken) },
      events: [grantEvent(input, 'authorization_code', now)],
    });
    if (redeemed !== null) {
      return ok({ redeemed, refreshToken: redeemed.scopes.includes('offline_access') ? refreshToken : null });
    }
    const refused = await diagnoseCode(database, {
      orgId,
      codeSha256,
      now,
      reuse: reuseEvent(input, 'authorization_code_reused', now),
    });
    return err(errorFor(refused, asked));
  };
}

type Asked = Pick<RefusedCode, 'appId' | 'issuer' | 'redirectUri' | 'challenge'>;

function errorFor(refused: RefusedCode | null, asked: Asked): OAuthError {
  if (refused === null) return tokenErrors.codeInvalid();
  if (refused.appId !== asked.appId) return tokenErrors.otherClient();
  if (refused.consumed || !refused.alive || refused.issuer !== asked.issuer) return tokenErrors.codeInvalid();
  if (refused.redirectUri !== asked.redirectUri) return tokenErrors.redirectUriMismatch();
  if (refused.challenge !== asked.challenge) return tokenErrors.verificationFailed();
  return tokenErrors.userUnusable();
}
