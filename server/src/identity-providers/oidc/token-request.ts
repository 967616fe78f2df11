/** The code for tokens (RFC 6749 §4.1.3), with the reason measured when the provider does not give them. */
import type { Egress, EgressResponse } from '../../http/index.ts';
import { isObject } from '../../shared/json.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { FinishContext, Refusal } from '../connector.ts';
import type { Remembered } from './authorization-request.ts';
import { authenticateClient, type ClientKeys } from './client-authentication.ts';
import { isTransient, quote, refuse } from './refusals.ts';
import type { OidcSettings } from './settings.ts';

const MAX_BYTES = 256 * 1024;

export interface Tokens {
  idToken: string;
  /** null where the provider sent none. */
  accessToken: string | null;
}

export interface TokenRequestDeps {
  egress: Egress;
  clientKeys: ClientKeys;
  now: Date;
  trace: FinishContext['trace'];
}

export async function redeemCode(
  settings: OidcSettings,
  code: string,
  remembered: Remembered,
  deps: TokenRequestDeps,
): Promise<Result<Tokens, Refusal>> {
  const parameters = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: remembered.redirectUri,
  });
  if (remembered.verifier !== null) parameters.set('code_verifier', remembered.verifier);
  const authorization = await authenticateClient(settings, deps.clientKeys, parameters, deps.now);
  const started = performance.now();
  const response = await deps.egress.request({
    url: settings.tokenUrl,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization !== null && { authorization }),
    },
    body: parameters.toString(),
    maxBytes: MAX_BYTES,
  });
  const result = response.ok
    ? readAnswer(response.value, settings)
    : refuse(
        isTransient(response.error) ? 'token_endpoint_unreachable' : 'token_endpoint_unusable',
        response.error.message,
      );
  deps.trace.step({
    kind: 'provider.called',
    outcome: result.ok ? 'PASSED' : 'FAILED',
    ...(!result.ok && { code: result.error.code }),
    detail: [
      { label: 'Endpoint', made: 'token' },
      { label: 'Client authentication', made: settings.clientAuthentication },
      { label: 'Status', received: response.ok ? response.value.status : response.error.code },
      { label: 'Time taken', received: `${Math.round(performance.now() - started)} ms` },
      ...(result.ok ? [] : [{ label: 'Reason', made: result.error.reason }]),
    ],
  });
  return result;
}

function readAnswer(response: EgressResponse, settings: OidcSettings): Result<Tokens, Refusal> {
  const body = readJson(response.text);
  if (response.status !== 200) return refusedBy(response, body, settings);
  if (!isObject(body))
    return refuse(
      'token_response_invalid',
      `The token endpoint answered 200 with ${contentOf(response)} that is not a JSON object.`,
    );
  if (typeof body.error === 'string') return refusedBy(response, body, settings);
  if (typeof body.id_token !== 'string' || body.id_token === '') {
    return refuse(
      'id_token_missing',
      `The token endpoint sent no ID token; the scopes were "${settings.scopes.join(' ')}".`,
      'The provider must know the scope "openid" for this client.',
    );
  }
  const usable = typeof body.access_token === 'string' && /^bearer$/i.test(String(body.token_type ?? 'bearer'));
  return ok({ idToken: body.id_token, accessToken: usable ? (body.access_token as string) : null });
}

/** RFC 6749 §5.2, and what is not even that. */
function refusedBy(response: EgressResponse, body: unknown, settings: OidcSettings) {
  const error = isObject(body) && typeof body.error === 'string' ? body.error : null;
  const text = isObject(body)
    ? [body.error_description, body.detail].find((item) => typeof item === 'string')
    : undefined;
  const says = typeof text === 'string' ? ` It says: ${quote(text)}.` : '';
  if (error === 'invalid_client') {
    return refuse(
      'token_client_refused',
      `The token endpoint did not accept the client ${quote(settings.clientId)} by ${settings.clientAuthentication} (${response.status}).${says}`,
      'Compare client id and secret with those of the provider, and the way of authentication that it expects.',
    );
  }
  if (error === 'invalid_grant') {
    return refuse(
      'token_code_refused',
      `The token endpoint did not accept the code: expired, used before, or issued for another redirect URI.${says}`,
      'Sign in again.',
    );
  }
  if (error !== null)
    return refuse(
      'token_request_refused',
      `The token endpoint answered ${response.status} with the error ${quote(error)}.${says}`,
    );
  if (response.status >= 500)
    return refuse(
      'token_endpoint_unreachable',
      `The token endpoint answered ${response.status}.`,
      'Try again in a few minutes.',
    );
  return refuse(
    'token_response_invalid',
    `The token endpoint answered ${response.status} with ${contentOf(response)} instead of tokens.`,
  );
}

export const contentOf = (response: EgressResponse) => quote(response.header('content-type') ?? 'no content type');

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
