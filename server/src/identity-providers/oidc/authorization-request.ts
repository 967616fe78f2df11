/** The way out: the provider's authorization endpoint with everything that binds its answer to this sign-in (contract §11.5). */
import { createHash } from 'node:crypto';
import { randomSecret } from '../../shared/ids.ts';
import { isObject, type Json } from '../../shared/json.ts';
import type { Begun, SignInStart } from '../connector.ts';
import { type OidcSettings, redirectUri } from './settings.ts';

/** What must be known again at the callback; it travels sealed. */
export interface Remembered {
  nonce: string;
  /** null where PKCE is off. */
  verifier: string | null;
  redirectUri: string;
  /** Seconds; absent where no `max_age` was sent. */
  maxAge?: number;
}

export function beginAuthorization(settings: OidcSettings, start: SignInStart): Begun {
  const remembered: Remembered = {
    nonce: randomSecret(),
    verifier: settings.pkce ? randomSecret() : null,
    redirectUri: redirectUri(start.baseUrl, settings),
    ...(start.maxAge !== undefined && { maxAge: start.maxAge }),
  };
  const parameters = authorizationParameters(settings, start, remembered);
  return {
    outgoing: { kind: 'redirect', url: requestUrl(settings.authorizationUrl, parameters) },
    returnsTo: remembered.redirectUri,
    remember: { ...remembered },
  };
}

/** The request itself, apart from how it is carried: a signed request object would carry these same parameters. */
function authorizationParameters(
  settings: OidcSettings,
  start: SignInStart,
  remembered: Remembered,
): Record<string, string> {
  const application = settings.sendApplicationContext ? start.application : undefined;
  return {
    client_id: settings.clientId,
    redirect_uri: remembered.redirectUri,
    response_type: 'code',
    response_mode: settings.responseMode,
    scope: settings.scopes.join(' '),
    state: start.state,
    nonce: remembered.nonce,
    ...(remembered.verifier !== null && { code_challenge: s256(remembered.verifier), code_challenge_method: 'S256' }),
    ...(start.loginHint !== undefined && { login_hint: start.loginHint }),
    ...(start.prompt !== undefined && { prompt: start.prompt }),
    ...(start.maxAge !== undefined && { max_age: String(start.maxAge) }),
    ...(start.acrValues !== undefined && { acr_values: start.acrValues }),
    ...(start.uiLocales !== undefined && { ui_locales: start.uiLocales }),
    ...(application !== undefined && { OktaAppInstanceId: application.id, OktaAppName: application.name }),
  };
}

/** Parameters that stand in the configured address stay; a blank is written %20, which every provider reads. */
function requestUrl(endpoint: string, parameters: Record<string, string>): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return `${url.origin}${url.pathname}?${url.searchParams.toString().replaceAll('+', '%20')}`;
}

/** RFC 7636 §4.2. */
function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** null where the sealed value is none of ours. */
export function readRemembered(value: Json | null): Remembered | null {
  if (!isObject(value) || typeof value.nonce !== 'string' || typeof value.redirectUri !== 'string') return null;
  const verifier = typeof value.verifier === 'string' ? value.verifier : null;
  const { nonce, redirectUri, maxAge } = value;
  return { nonce, verifier, redirectUri, ...(typeof maxAge === 'number' && { maxAge }) };
}
