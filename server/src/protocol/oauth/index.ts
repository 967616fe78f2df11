/**
 * OAuth 2.0 and OpenID Connect as pure functions: parameters, redirect URIs, PKCE, client credentials, claims of scopes, error
 * wording, the discovery document.
 *
 * It reads no store, no clock and no network, and signs nothing; authorization-server does.
 * It sits at level 1: it imports shared/ and `node:crypto`; authorization-server and applications import it.
 */
export {
  type ClaimSubject,
  isKnownScope,
  isProtocolClaim,
  SCOPES,
  scopeClaims,
} from './claims.ts';
export { checkAssertion } from './client-assertion.ts';
export { type ClientCredentials, readCredentials } from './client-credentials.ts';
export { authorizeErrors, BEARER_CHALLENGE, logoutErrors, type OAuthError, tokenErrors } from './errors.ts';
export {
  ASSERTION_ALGORITHMS,
  ID_TOKEN_ALGORITHMS,
  metadataOf,
  PROMPTS,
  TOKEN_AUTH_METHODS,
} from './metadata.ts';
export { type Parameters, parametersOf, wordsOf } from './parameters.ts';
export { challengeOf, isChallenge } from './pkce.ts';
export { isSafeRedirectUri, matchesRedirectUri } from './redirect-uri.ts';
export {
  defaultMode,
  RESPONSE_MODES,
  RESPONSE_TYPES,
  type ResponseMode,
  type ResponseType,
  responseTypeOf,
  responseUrl,
} from './response.ts';
