/** The ID token: signature under the provider's keys, then every claim that binds it to this sign-in (OIDC Core §3.1.3.7, security.md O1-O5). */
import { type ClaimFailure, checkIdTokenClaims, type JwsFailureCode } from '../../protocol/jose/index.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Refusal } from '../connector.ts';
import type { Remembered } from './authorization-request.ts';
import type { KeySets } from './key-sets.ts';
import { refuse } from './refusals.ts';
import type { OidcSettings } from './settings.ts';
import { isEncrypted, verifySignature } from './signature.ts';
import type { Tokens } from './token-request.ts';

export interface VerifiedIdToken {
  subject: string;
  claims: Record<string, unknown>;
  algorithm: string;
}

export interface IdTokenContext {
  settings: OidcSettings;
  remembered: Remembered;
  code: string;
  now: Date;
  keySets: KeySets;
}

const HINTS: Partial<Record<JwsFailureCode, string>> = {
  jws_key_unknown:
    'Compare the address of the keys with the one that the provider names. If it is right, the provider signs with a key that it does not publish.',
};

export async function verifyIdToken(
  tokens: Tokens,
  context: IdTokenContext,
): Promise<Result<VerifiedIdToken, Refusal>> {
  const { settings, remembered, now, code } = context;
  if (isEncrypted(tokens.idToken)) {
    return refuse(
      'id_token_encrypted',
      'The ID token is encrypted, and this identity provider has no key to read it.',
      'Ask the provider to send ID tokens that are signed and not encrypted.',
    );
  }
  const jws = await verifySignature(tokens.idToken, settings, context.keySets);
  if (!jws.ok) {
    const { unavailable, failure } = jws.error;
    if (unavailable)
      return refuse('provider_keys_unavailable', `The provider's keys could not be fetched. ${failure.message}`);
    return refuse(failure.code, `The ID token is not accepted. ${failure.message}`, HINTS[failure.code]);
  }
  const algorithm = jws.value.header.alg;
  const checked = checkIdTokenClaims(jws.value.payload, {
    issuer: settings.issuer,
    audience: settings.clientId,
    now,
    maxClockSkewSeconds: settings.maxClockSkewSeconds,
    nonce: remembered.nonce,
    algorithm,
    code,
    ...(remembered.maxAge !== undefined && { maxAge: remembered.maxAge }),
    ...(tokens.accessToken !== null && { accessToken: tokens.accessToken }),
  });
  if (!checked.ok) return refuseClaims(checked.error, settings);
  // Half surrogate pairs become one and the same character in the database: two subjects would be one person.
  if (!checked.value.subject.isWellFormed()) {
    return refuse('id_token_subject_malformed', 'The ID token is not accepted. "sub": expected well-formed text.');
  }
  return ok({ subject: checked.value.subject, claims: checked.value.all, algorithm });
}

/** Names every claim that failed; the first one gives the code. */
function refuseClaims(failures: ClaimFailure[], settings: OidcSettings) {
  const [first] = failures;
  const sentences = failures.map(({ claim, expected, found }) => `"${claim}": expected ${expected}, found ${found}.`);
  // The token was made a moment ago, so its "iat" tells best what the clocks differ by.
  const times = failures.filter(({ offBySeconds }) => offBySeconds !== undefined);
  const off = (times.find(({ claim }) => claim === 'iat') ?? times[0])?.offBySeconds;
  const hint =
    off === undefined
      ? undefined
      : `The time is off by ${off} s, and ${settings.maxClockSkewSeconds} s are allowed: set both clocks by a time server, or raise the maximum clock skew (up to 180 s).`;
  return refuse(first!.code, `The ID token is not accepted. ${sentences.join(' ')}`, hint);
}
