/** Which settings of a client fit together (OpenID Connect Registration §2, RFC 9700 §2; contract §8.1). One check, one function. Pure. */
import { isObject } from '../../shared/json.ts';
import type { ApplicationConfig, Jwk } from '../schema.ts';
import { claimProblems } from './claims.ts';
import { pageUriProblem, redirectUriProblem } from './redirect-uri.ts';

const MIN_RSA_BITS = 2048;
const KEY_TYPES: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
};
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'];

type Check = (config: ApplicationConfig) => string[];

const CHECKS: readonly Check[] = [
  checkRedirectUris,
  checkPageUris,
  checkAuthentication,
  checkGrants,
  checkKeys,
  (config) => claimProblems(config.oauthClient.claims),
];

/** Every mistake as `field: sentence`; empty when the application can be saved. */
export function inconsistencies(config: ApplicationConfig): string[] {
  return CHECKS.flatMap((check) => check(config));
}

function checkRedirectUris({ oauthClient: client }: ApplicationConfig): string[] {
  if (client.redirect_uris.length === 0 && client.application_type !== 'service')
    return ['redirect_uris: at least one address is required'];
  return (['redirect_uris', 'post_logout_redirect_uris'] as const).flatMap((field) =>
    client[field].flatMap((uri, index) => {
      const problem = redirectUriProblem(uri, client.application_type);
      return problem === null ? [] : [`${field}: "${uri.slice(0, 200)}" (number ${index + 1}) ${problem}`];
    }),
  );
}

function checkPageUris({ oauthClient: client }: ApplicationConfig): string[] {
  return (['initiate_login_uri', 'client_uri', 'logo_uri'] as const).flatMap((field) => {
    const uri = client[field];
    const problem = uri === null ? null : pageUriProblem(uri);
    return problem === null ? [] : [`${field}: the address ${problem}`];
  });
}

function checkAuthentication({ authMethod, oauthClient: client, pkceRequired }: ApplicationConfig): string[] {
  if (client.application_type === 'browser' && authMethod !== 'none')
    return ['token_endpoint_auth_method: a browser application cannot keep a secret; use none'];
  if (client.grant_types.includes('client_credentials') && authMethod === 'none')
    return ['token_endpoint_auth_method: an application that acts by itself must prove itself; use private_key_jwt'];
  if (authMethod === 'none' && !pkceRequired) return ['pkce_required: must be true for a client without a secret'];
  return [];
}

/** A service has nobody who signs in: one grant type, and no address to come back to is needed. */
function serviceProblems({
  grant_types: grants,
  response_types: responses,
}: ApplicationConfig['oauthClient']): string[] {
  const problems: string[] = [];
  if (grants.join() !== 'client_credentials') problems.push('grant_types: a service has client_credentials alone');
  if (responses.join() !== 'token') problems.push("response_types: a service has 'token' alone");
  return problems;
}

function checkGrants({ oauthClient }: ApplicationConfig): string[] {
  const { grant_types: grants, response_types: responses, application_type: type } = oauthClient;
  if (type === 'service') return serviceProblems(oauthClient);
  const code = grants.includes('authorization_code');
  const implicit = grants.includes('implicit');
  const tokens = responses.includes('id_token') || responses.includes('token');
  const problems: string[] = [];
  if (!code && !implicit) problems.push('grant_types: authorization_code or implicit is required');
  if (code && !responses.includes('code')) problems.push("response_types: grant type authorization_code needs 'code'");
  if (!code && responses.includes('code')) problems.push("grant_types: response type 'code' needs authorization_code");
  if (implicit && !tokens) problems.push("response_types: grant type implicit needs 'id_token' or 'token'");
  if (type !== 'web' && grants.includes('client_credentials'))
    problems.push('grant_types: client_credentials is for applications of type web or service');
  if (!implicit && tokens) problems.push("grant_types: response types 'id_token' and 'token' need implicit");
  if (!code && grants.includes('refresh_token')) problems.push('grant_types: refresh_token needs authorization_code');
  return problems;
}

function checkKeys({ authMethod, oauthClient: { jwks } }: ApplicationConfig): string[] {
  if (jwks === null)
    return authMethod === 'private_key_jwt' ? ['jwks: private_key_jwt needs the public keys of the client'] : [];
  return jwks.keys.flatMap((key, index) => {
    const problem = keyProblem(key);
    return problem === null ? [] : [`jwks: key number ${index + 1} ${problem}`];
  });
}

function keyProblem(key: Jwk): string | null {
  if (!isObject(key) || typeof key.kty !== 'string' || !Object.hasOwn(KEY_TYPES, key.kty))
    return 'must be of type RSA, EC or OKP';
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name))) return 'holds a private part; send the public key only';
  const missing = KEY_TYPES[key.kty]!.find(
    (name) => typeof key[name] !== 'string' || !/^[A-Za-z0-9_-]+$/.test(key[name]),
  );
  if (missing !== undefined) return `needs "${missing}" in base64url`;
  if (key.kty === 'RSA' && rsaBits(key) < MIN_RSA_BITS) return `must have at least ${MIN_RSA_BITS} bits`;
  return null;
}

function rsaBits(key: Jwk): number {
  const modulus = Buffer.from(String(key.n), 'base64url');
  const first = modulus.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first]!) + 24;
}
