/** What a client presents to prove itself (RFC 6749 §2.3, RFC 7523, contract §11.3), read but not yet judged. */
import { err, ok, type Result } from '../../shared/result.ts';
import { type OAuthError, tokenErrors } from './errors.ts';
import type { Parameters } from './parameters.ts';

export type ClientCredentials =
  | { kind: 'none'; clientId: string }
  /** `secrets`: the readings of one secret (as sent, and form-decoded where that differs). */
  | { kind: 'secret'; clientId: string; secrets: string[]; basic: boolean }
  | { kind: 'assertion'; clientId: string | null; assertion: string };

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MAX_LENGTH = 16_384;

/** Errors: `credentialsMissing`, `severalCredentials`, `clientInvalid` (an Authorization header that cannot be read). */
export function readCredentials(
  authorization: string | undefined,
  parameters: Parameters,
): Result<ClientCredentials, OAuthError> {
  const [clientId, secret, assertion] = ['client_id', 'client_secret', 'client_assertion'].map((name) =>
    parameters.get(name),
  );
  const basic = authorization === undefined ? null : readBasic(authorization);
  if (authorization !== undefined && basic === null) return err(tokenErrors.clientInvalid());
  if ([basic?.secret, secret, assertion].filter((value) => value !== undefined).length > 1) {
    return err(tokenErrors.severalCredentials());
  }
  if (basic !== null) {
    if (clientId !== undefined && clientId !== basic.clientId) return err(tokenErrors.severalCredentials());
    if (basic.secret !== undefined)
      return ok({ kind: 'secret', clientId: basic.clientId, secrets: readings(basic.secret), basic: true });
    if (secret === undefined && assertion === undefined) return ok({ kind: 'none', clientId: basic.clientId });
  }
  if (assertion !== undefined) {
    if (parameters.get('client_assertion_type') !== ASSERTION_TYPE) return err(tokenErrors.clientInvalid());
    return ok({ kind: 'assertion', clientId: clientId ?? basic?.clientId ?? null, assertion });
  }
  const id = clientId ?? basic?.clientId;
  if (id === undefined) return err(tokenErrors.credentialsMissing());
  return ok(
    secret === undefined
      ? { kind: 'none', clientId: id }
      : { kind: 'secret', clientId: id, secrets: [secret], basic: false },
  );
}

/** `Basic base64(id:secret)`; without a colon it is a public client that names itself. Null when it cannot be read. */
function readBasic(authorization: string): { clientId: string; secret: string | undefined } | null {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined || encoded.length > MAX_LENGTH) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  const clientId = formDecoded(colon === -1 ? text : text.slice(0, colon));
  const secret = colon === -1 ? '' : text.slice(colon + 1);
  return clientId === '' ? null : { clientId, secret: secret === '' ? undefined : secret };
}

const readings = (secret: string) => [...new Set([secret, formDecoded(secret)])];

/** Many clients send the secret as it is, others form-encode it as RFC 6749 §2.3.1 says. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
