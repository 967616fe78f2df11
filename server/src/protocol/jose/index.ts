/**
 * Signed tokens from outside: key sets, signatures, and the claims of ID tokens.
 *
 * It is pure: keys come in through a resolver, time as a value. It is not a client (fetching and caching key sets is the OIDC
 * connector's work) and it does not sign (authorization-server does).
 * It sits at level 1: it imports shared/, `jose` and `node:crypto`; identity-providers/oidc and authorization-server import it.
 *
 *   const jws = await verifyJws(idToken, { keys: async (header) => selectKeys(jwks, header), algorithms: ASYMMETRIC_ALGORITHMS });
 *   const claims = jws.ok && checkIdTokenClaims(jws.value.payload, { issuer, audience, now, nonce, algorithm: jws.value.header.alg });
 */
export { ASYMMETRIC_ALGORITHMS, algorithmOf } from './algorithms.ts';
export type { JwksFailure, JwksFailureCode, JwsFailure, JwsFailureCode } from './failures.ts';
export {
  type ClaimFailure,
  type ClaimFailureCode,
  checkIdTokenClaims,
  effectiveClockSkew,
  halfHash,
  type IdTokenClaims,
  type IdTokenExpectations,
  MAX_CLOCK_SKEW_SECONDS,
} from './id-token-claims.ts';
export { type Jwks, parseJwks, type RefusedKeyReason, selectKeys, type VerificationKey } from './jwks.ts';
export { type JwsExpectations, type JwsHeader, type KeyResolver, type VerifiedJws, verifyJws } from './verify-jws.ts';
