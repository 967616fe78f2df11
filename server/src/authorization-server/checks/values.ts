/** Checks of one parameter each. */
import {
  authorizeErrors,
  isChallenge,
  isKnownScope,
  type Parameters,
  PROMPTS,
  wordsOf,
} from '../../protocol/oauth/index.ts';
import type { Check } from './check.ts';

const MAX_STATE = 2048;
const MAX_VALUE = 1024;
const PRINTABLE = /^[^\p{Cc}]*$/u;

export const refuseRepeated: Check = (_reading, { parameters }) => {
  const repeated = parameters.repeated();
  return repeated === null ? null : authorizeErrors.duplicated(repeated);
};

/** Request objects come with PAR, or not at all (security.md P6). */
export const refuseRequestObjects: Check = (_reading, { parameters }) => {
  if (parameters.get('request') !== undefined) return authorizeErrors.requestObject();
  return parameters.get('request_uri') === undefined ? null : authorizeErrors.requestUri();
};

/** The state, where it can be sent back: at most 2,048 characters, none of them a control character. */
export function usableState(parameters: Parameters): string | undefined {
  const state = parameters.single('state');
  return state !== undefined && state.length <= MAX_STATE && PRINTABLE.test(state) ? state : undefined;
}

/** Recommended, not required (rulings 50). */
export const readState: Check = (reading, { parameters }) => {
  if (parameters.single('state') === undefined) return null;
  const state = usableState(parameters);
  if (state === undefined) return authorizeErrors.stateInvalid();
  reading.state = state;
  return null;
};

/** `offline_access` is left out where it can have no effect (OIDC Core §11): no code, or no refresh tokens for this application. */
export const readScopes: Check = (reading, { parameters, client, apiScopes }) => {
  const scopes = wordsOf(parameters.get('scope'));
  if (scopes.length === 0) return authorizeErrors.scopeMissing();
  if (!scopes.every((scope) => isKnownScope(scope) || apiScopes.has(scope))) return authorizeErrors.scopeUnknown();
  if (reading.responseType !== 'code' && !scopes.includes('openid')) return authorizeErrors.scopeWithoutOpenid();
  const offline = reading.responseType !== 'id_token' && client.grantTypes.includes('refresh_token');
  reading.scopes = offline ? scopes : scopes.filter((scope) => scope !== 'offline_access');
  return null;
};

export const requireNonce: Check = (reading, { parameters }) => {
  const nonce = parameters.get('nonce');
  if (nonce === undefined) return reading.responseType === 'code' ? null : authorizeErrors.nonceMissing();
  if (nonce.length > MAX_VALUE || !PRINTABLE.test(nonce)) return authorizeErrors.valueInvalid('nonce');
  reading.nonce = nonce;
  return null;
};

/** S256 only; required when the application says so or has no secret (rulings 10). Without a code there is nothing to prove. */
export const requireChallenge: Check = (reading, { parameters, client }) => {
  if (reading.responseType === 'id_token') return null;
  const [challenge, method] = [parameters.get('code_challenge'), parameters.get('code_challenge_method')];
  if (challenge === undefined) {
    if (method !== undefined || client.requirePkce || client.authMethod === 'none')
      return authorizeErrors.challengeMissing();
    return null;
  }
  if (method !== 'S256') return authorizeErrors.challengeMethod();
  if (!isChallenge(challenge)) return authorizeErrors.challengeMalformed();
  reading.codeChallenge = challenge;
  return null;
};

/** `none` stands alone (OIDC Core §3.1.2.1). */
export const readPrompt: Check = (reading, { parameters }) => {
  const prompt = wordsOf(parameters.get('prompt'));
  if (prompt.length === 0) return null;
  const known = prompt.every((word) => PROMPTS.some((one) => one === word));
  if (!known || (prompt.includes('none') && prompt.length > 1)) return authorizeErrors.valueInvalid('prompt');
  reading.prompt = prompt;
  return null;
};

export const readMaxAge: Check = (reading, { parameters }) => {
  const text = parameters.get('max_age');
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) return authorizeErrors.valueInvalid('max_age');
  reading.maxAge = Number(text);
  return null;
};

/** `idp` skips the choice of a provider; its scopes are locked (rulings 54). */
export const chooseProvider: Check = async (reading, { parameters, orgId, identityProviders }) => {
  if (parameters.get('idp_scope') !== undefined) return authorizeErrors.identityProviderScope();
  const id = parameters.get('idp');
  if (id === undefined) return null;
  if (id.length > 100 || !(await identityProviders.isUsable(orgId, id))) return authorizeErrors.identityProvider();
  reading.idpId = id;
  return null;
};

const HINTS = { login_hint: 'loginHint', acr_values: 'acrValues', ui_locales: 'uiLocales' } as const;

export const readHints: Check = (reading, { parameters }) => {
  for (const [name, field] of Object.entries(HINTS)) {
    const value = parameters.get(name);
    if (value === undefined) continue;
    if (value.length > MAX_VALUE || !PRINTABLE.test(value)) return authorizeErrors.valueInvalid(name);
    reading[field] = value;
  }
  return null;
};

/** An ID token of ours names the user that the application means; how old it is does not matter (OIDC Core §3.1.2.1). */
export const readSubject: Check = async (reading, { parameters, orgId, issuer, client, keys }) => {
  const hint = parameters.get('id_token_hint');
  if (hint === undefined) return null;
  const verified = await keys.verify(orgId, hint);
  const { iss, aud, sub } = verified?.payload ?? {};
  if (iss !== issuer || aud !== client.clientId || typeof sub !== 'string')
    return authorizeErrors.valueInvalid('id_token_hint');
  reading.subject = sub;
  return null;
};
