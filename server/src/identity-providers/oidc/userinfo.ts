/**
 * The userinfo endpoint. It is called only where one is configured, and then its answer is required: any failure ends the sign-in with
 * the measured cause (rulings 16). A quoted or signed body is read only where the identity provider says so.
 */
import type { Egress, EgressResponse } from '../../http/index.ts';
import { isObject } from '../../shared/json.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { FinishContext, Refusal } from '../connector.ts';
import type { KeySets } from './key-sets.ts';
import { isTransient, type OidcRefusalCode, quote, refuse } from './refusals.ts';
import type { OidcSettings } from './settings.ts';
import { isEncrypted, verifySignature } from './signature.ts';
import { contentOf, readJson } from './token-request.ts';

const MAX_BYTES = 256 * 1024;

export interface UserInfoContext {
  settings: OidcSettings;
  /** Of the verified ID token: the answer must be about the same person. */
  subject: string;
  now: Date;
  egress: Egress;
  keySets: KeySets;
  trace: FinishContext['trace'];
}

type Claims = Record<string, unknown>;

export async function fetchUserInfo(
  url: string,
  accessToken: string | null,
  context: UserInfoContext,
): Promise<Result<Claims, Refusal>> {
  const { settings, egress, trace } = context;
  const failed = (code: OidcRefusalCode, reason: string) => refuse(code, reason, settings.hints.userInfo);
  if (accessToken === null) {
    return failed(
      'userinfo_access_token_missing',
      'A UserInfo endpoint is configured, and the provider sent no bearer access token to call it with.',
    );
  }
  const started = performance.now();
  const response = await egress.request({
    url,
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: settings.userInfoForm === 'json' ? 'application/json' : 'application/jwt, application/json',
    },
    maxBytes: MAX_BYTES,
  });
  const result = response.ok
    ? await readAnswer(response.value, context, failed)
    : failed(isTransient(response.error) ? 'userinfo_unreachable' : 'userinfo_unusable', response.error.message);
  trace.step({
    kind: 'provider.called',
    outcome: result.ok ? 'PASSED' : 'FAILED',
    ...(!result.ok && { code: result.error.code }),
    detail: [
      { label: 'Endpoint', made: 'userinfo' },
      { label: 'Status', received: response.ok ? response.value.status : response.error.code },
      { label: 'Content type', received: response.ok ? contentOf(response.value) : null },
      { label: 'Time taken', received: `${Math.round(performance.now() - started)} ms` },
      ...(result.ok ? [] : [{ label: 'Reason', made: result.error.reason }]),
    ],
  });
  return result;
}

type Failed = (code: OidcRefusalCode, reason: string) => { ok: false; error: Refusal };

async function readAnswer(
  response: EgressResponse,
  context: UserInfoContext,
  failed: Failed,
): Promise<Result<Claims, Refusal>> {
  if (response.status !== 200) {
    const code = response.status >= 500 ? 'userinfo_unreachable' : 'userinfo_refused';
    return failed(code, `The UserInfo endpoint answered ${response.status} with ${contentOf(response)}.`);
  }
  const form = context.settings.userInfoForm;
  const claims =
    form === 'json' ? readObject(response, failed) : await readSigned(response, form === 'quoted_jwt', context, failed);
  if (!claims.ok || claims.value.sub === context.subject) return claims;
  const found = typeof claims.value.sub === 'string' ? 'another one' : 'none';
  return failed(
    'userinfo_subject_mismatch',
    `The UserInfo answer must have the "sub" of the ID token; found ${found}.`,
  );
}

function readObject(response: EgressResponse, failed: Failed): Result<Claims, Refusal> {
  const body = readJson(response.text);
  if (isObject(body)) return ok(body);
  return failed(
    'userinfo_not_json',
    `The UserInfo endpoint answered 200 with ${contentOf(response)}, whose body is ${describe(response.text, body)} and not a JSON object.`,
  );
}

function describe(text: string, body: unknown): string {
  if (text.trim() === '') return 'empty';
  if (typeof body === 'string')
    return looksLikeToken(body) ? `a JSON string that holds ${kindOfToken(body)}` : 'a JSON string';
  if (looksLikeToken(text)) return 'a signed or encrypted token';
  if (Array.isArray(body)) return 'a JSON list';
  if (/^\s*</.test(text)) return 'a page (HTML or XML)';
  return body === undefined ? 'not JSON' : `the JSON value ${quote(text.slice(0, 20))}`;
}

const kindOfToken = (text: string) =>
  isEncrypted(text) ? 'an encrypted token (a quoted JWE)' : 'a token (a quoted JWT)';
const looksLikeToken = (text: string) => /^eyJ[\w-]+\.[\w-]/.test(text.trim());

async function readSigned(
  response: EgressResponse,
  quotedBody: boolean,
  { settings, keySets, now }: UserInfoContext,
  failed: Failed,
): Promise<Result<Claims, Refusal>> {
  const compact = quotedBody ? unquote(response.text) : response.text.trim();
  if (!looksLikeToken(compact)) {
    const expected = quotedBody ? 'a quoted JWT' : 'a JWT';
    return failed(
      'userinfo_not_json',
      `The UserInfo endpoint answered 200 with ${contentOf(response)}, whose body is not ${expected}.`,
    );
  }
  if (isEncrypted(compact))
    return failed(
      'userinfo_encrypted',
      'The UserInfo answer is encrypted, and this identity provider has no key to read it.',
    );
  const jws = await verifySignature(compact, settings, keySets);
  if (!jws.ok) {
    const code = jws.error.unavailable ? 'provider_keys_unavailable' : 'userinfo_signature_invalid';
    return failed(code, `The signed UserInfo answer is not accepted. ${jws.error.failure.message}`);
  }
  const wrong = wrongClaim(jws.value.payload, settings, now);
  if (wrong !== null)
    return failed(
      'userinfo_claim_mismatch',
      `The signed UserInfo answer is not accepted: its claim "${wrong}" does not fit.`,
    );
  return ok(jws.value.payload);
}

/** Some providers quote the token, some quote it twice. */
function unquote(text: string): string {
  let value: unknown = text.trim();
  for (let layer = 0; layer < 2 && typeof value === 'string' && value.startsWith('"'); layer++) value = readJson(value);
  return typeof value === 'string' ? value : '';
}

/** OIDC Core §5.3.2: issuer and audience are ours where they are said. */
function wrongClaim({ iss, aud, exp }: Claims, settings: OidcSettings, now: Date): string | null {
  if (iss !== undefined && iss !== settings.issuer) return 'iss';
  if (aud !== undefined && aud !== settings.clientId && !(Array.isArray(aud) && aud.includes(settings.clientId)))
    return 'aud';
  const expired =
    exp !== undefined && !(typeof exp === 'number' && exp + settings.maxClockSkewSeconds > now.getTime() / 1000);
  return expired ? 'exp' : null;
}
