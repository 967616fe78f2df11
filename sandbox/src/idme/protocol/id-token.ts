import type { FaultName } from '../faults/table.ts';
import { type Draft, signed, signedWithPublicKey, unprotected } from '../keys/jwt.ts';
import type { KeyRing } from '../keys/ring.ts';
import { type Claims, releasedClaims } from '../people/policies.ts';
import type { SignIn } from '../sign-ins.ts';

/** Faults that change what the token says. `parameter` is what the fault's row defines. */
const CLAIM_FAULTS: Partial<Record<FaultName, (claims: Claims, parameter: string, attributes: string[]) => Claims>> = {
  scope_silently_no_claims: (claims, _, attributes) => without(claims, attributes),
  missing_claim: (claims, name) => without(claims, [name]),
  null_attribute: (claims, name) => ({ ...claims, [name]: null }),
  clock_skew_past: (claims, seconds) => shifted(claims, -Number(seconds)),
  clock_skew_future: (claims, seconds) => ({
    ...shifted(claims, Number(seconds)),
    nbf: Number(claims.iat) + Number(seconds),
  }),
  wrong_aud: (claims) => ({ ...claims, aud: 'another-client' }),
  wrong_iss: (claims) => ({ ...claims, iss: 'https://issuer.another.test/oidc' }),
  wrong_nonce: (claims) => ({ ...claims, nonce: 'another-nonce' }),
  email_changed: (claims) => ({ ...claims, email: `changed.${claims.email}` }),
};

/** Faults that change how it is signed, or with what. */
const SIGNATURE_FAULTS: Partial<Record<FaultName, (draft: Draft, keys: KeyRing) => string | Promise<string>>> = {
  key_rotated_published: async (draft, keys) => signed(draft, await keys.rotate()),
  key_rotated_unpublished: async (draft, keys) => signed(draft, await keys.stranger()),
  same_kid_other_key: async (draft, keys) => signed(draft, await keys.stranger(keys.current().kid)),
  jwks_quirks: async (draft, keys) => signed(draft, await keys.rotate()),
  alg_none: (draft) => unprotected(draft),
  hs256_with_public_key: (draft, keys) => signedWithPublicKey(draft, keys.current()),
};

/** The claims of the protocol, as the library set them. */
const PROTOCOL_CLAIMS = ['iss', 'sub', 'aud', 'iat', 'exp', 'nonce'];

/**
 * The ID token of a sign-in: the protocol's claims and everything the policy releases, signed anew. The fault is played at the redemption of the
 * code; a refreshed token is sound.
 */
export async function idTokenOf(issued: Claims, signIn: SignIn, keys: KeyRing, play: boolean): Promise<string> {
  const released = releasedClaims(signIn.person, signIn.policy);
  const protocol = Object.fromEntries(
    PROTOCOL_CLAIMS.flatMap((name) => (name in issued ? [[name, issued[name]]] : [])),
  );
  const sound: Claims = { ...protocol, ...released };
  const { fault, parameter = '' } = (play ? signIn.fault : null) ?? {};
  keys.setQuirks(fault === 'jwks_quirks');
  if (fault === undefined) return signed({ header: {}, claims: sound }, keys.current());
  const claims = CLAIM_FAULTS[fault]?.(sound, parameter, Object.keys(released)) ?? sound;
  return SIGNATURE_FAULTS[fault]?.({ header: {}, claims }, keys) ?? signed({ header: {}, claims }, keys.current());
}

function without(claims: Claims, names: readonly string[]): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));
}

function shifted(claims: Claims, seconds: number): Claims {
  return { ...claims, iat: Number(claims.iat) + seconds, exp: Number(claims.exp) + seconds };
}
