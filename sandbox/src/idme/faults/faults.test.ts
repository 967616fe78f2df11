import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ALEX, CLIENT, prepare, refusalOf, signIn, visit } from '../../../test/wire.ts';
import { type RunningIdme, startIdme } from '../index.ts';
import { chooseFault, FAULTS, type FaultName } from './table.ts';

let idme: RunningIdme;
let decryptionKey: CryptoKey;
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RSA-OAEP', { extractable: true });
  decryptionKey = privateKey;
  const encryption_jwk = { ...(await exportJWK(publicKey)), kid: 'for-userinfo' };
  idme = await startIdme({ port: 0, clients: [{ ...CLIENT, encryption_jwk }] });
});
afterAll(() => idme.close());
beforeEach(() => idme.control.requests.clear());

/** The next sign-in plays it; the ones after it are sound. */
function play(fault: FaultName | '', parameter?: string) {
  idme.control.defaults.setApproval(idme.control.persons.find(ALEX)?.uuid ?? '', chooseFault(fault, parameter), 1);
}

const requestsTo = (path: string) => idme.control.requests.list().filter((request) => request.path === path).length;

async function redemption(fault: FaultName, parameter?: string): Promise<string> {
  play(fault, parameter);
  const { address, redeem } = await prepare(idme);
  return refusalOf(redeem((await visit(address)).location));
}

async function soundSignIn(): Promise<unknown> {
  play('');
  return (await signIn(idme)).tokens.claims()?.email;
}

describe('before any code', () => {
  test.each<[FaultName, string]>([
    ['user_denies', 'access_denied'],
    ['temporary_unavailable', 'temporary_unavailable'],
    ['unknown_client', 'invalid_client'],
    ['scope_not_policy', 'invalid_scope'],
    ['extra_scopes', 'invalid_scope'],
  ])('%s answers %s with the state', async (fault, error) => {
    play(fault);
    const { parameters } = await visit((await prepare(idme)).address);
    expect(parameters).toEqual({ error, error_description: expect.any(String), state: 's1' });
  });

  test.each<[FaultName, number]>([
    ['never_returns', 200],
    ['wrong_redirect_uri', 400],
  ])('%s stays on a page', async (fault, status) => {
    play(fault);
    const answer = await visit((await prepare(idme)).address);
    expect([answer.status, answer.location]).toEqual([status, '']);
  });
});

describe('at the token endpoint', () => {
  test.each<[FaultName, string]>([
    ['secret_wrong', 'invalid_client'],
    ['auth_method_wrong', 'invalid_client'],
    ['code_expired', 'invalid_grant'],
    ['code_replayed', 'invalid_grant'],
  ])('%s is %s', async (fault, error) => {
    expect(await redemption(fault)).toBe(error);
    expect(idme.control.requests.list().find(({ path }) => path === '/oauth/token')?.status).toBe(400);
    expect(await soundSignIn()).toBe(ALEX);
  });
});

describe('in the ID token', () => {
  test.each<[FaultName, string | RegExp]>([
    ['clock_skew_past', 'exp'],
    ['wrong_aud', 'aud'],
    ['wrong_iss', 'iss'],
    ['wrong_nonce', 'nonce'],
    ['clock_skew_future', 'nbf'],
    ['key_rotated_unpublished', /no applicable keys|error when selecting/],
    ['same_kid_other_key', /signature/],
    ['alg_none', /alg/],
    ['hs256_with_public_key', /alg/],
  ])('%s is refused because of %s, the next sign-in is not', async (fault, reason) => {
    expect(await redemption(fault)).toMatch(reason);
    expect(await soundSignIn()).toBe(ALEX);
  });

  test('scope_silently_no_claims leaves the protocol only', async () => {
    play('scope_silently_no_claims');
    const { tokens } = await signIn(idme);
    expect(Object.keys(tokens.claims() ?? {}).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'nonce', 'sub']);
  });

  test.each([
    ['missing_claim', undefined, { email: undefined }],
    ['missing_claim', 'lname', { lname: undefined }],
    ['null_attribute', undefined, { phone: null }],
    ['null_attribute', 'email', { email: null }],
    ['email_changed', undefined, { email: `changed.${ALEX}` }],
  ] as const)('%s with parameter %s changes that claim only', async (fault, parameter, changed) => {
    play(fault, parameter);
    const { tokens } = await signIn(idme);
    const sound = { ...idme.control.persons.find(ALEX), transaction_ial: 2, ...changed };
    const { iss, aud, iat, exp, nonce, sub, ...attributes } = tokens.claims() ?? {};
    expect(attributes).toEqual(sound);
    expect(sub).toBe(sound.uuid);
  });

  test('the skew is as many seconds as asked for', async () => {
    expect(await redemption('clock_skew_past', '60')).toBe('accepted');
  });

  test('a rotated, published key is found by reading the key set again, and stays', async () => {
    const before = await keyIds();
    play('key_rotated_published');
    await signIn(idme);
    const after = await keyIds();
    expect(after).toHaveLength(before.length + 1);
    expect(await soundSignIn()).toBe(ALEX);
    expect(await keyIds()).toEqual(after);
  });

  test('jwks_quirks publishes what ID.me publishes, until the next sign-in', async () => {
    expect(await redemption('jwks_quirks')).toBe('accepted');
    for (const key of await keySet()) {
      expect(key).not.toHaveProperty('alg');
      expect(key).toMatchObject({
        algorithm: 'RS256',
        x5t: key.kid,
        x5c: [expect.stringContaining('\n')],
      });
    }
    expect(await soundSignIn()).toBe(ALEX);
    for (const key of await keySet()) expect(key).toMatchObject({ alg: 'RS256' });
  });

  test('a refreshed token is sound', async () => {
    play('missing_claim');
    const { config, tokens } = await signIn(idme);
    expect((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).claims()).toMatchObject({
      email: ALEX,
    });
  });
});

describe('at userinfo', () => {
  const ask = async (fault: FaultName) => {
    play(fault);
    const { tokens } = await signIn(idme);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    return fetch(`${idme.url}/api/public/v3/userinfo`, { headers });
  };

  test.each<[FaultName, number]>([
    ['userinfo_500', 500],
    ['userinfo_401', 401],
    ['userinfo_json_string', 200],
  ])('%s answers %d', async (fault, status) => {
    expect((await ask(fault)).status).toBe(status);
  });

  test('userinfo_jwe is a quoted JWE for the registered key around the JWT', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(
      await (await ask('userinfo_jwe')).json(),
      decryptionKey,
    );
    expect(protectedHeader).toMatchObject({ alg: 'RSA-OAEP', enc: 'A256CBC-HS512', kid: 'for-userinfo' });
    expect(Buffer.from(plaintext).toString()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('nobody asks userinfo who leaves the endpoint blank, and the log shows it', async () => {
    expect(await soundSignIn()).toBe(ALEX);
    expect([requestsTo('/oauth/token'), requestsTo('/api/public/v3/userinfo')]).toEqual([1, 0]);
  });
});

test('every fault names its row, what it does and what to make of it', () => {
  for (const fault of FAULTS) {
    expect(fault.row).toBeGreaterThan(0);
    expect(fault.does).toMatch(/\.$/);
    expect(fault.expect).toMatch(/\.$/);
  }
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

type Jwk = { kid?: string };
const keySet = async () => ((await (await fetch(`${idme.issuer}/.well-known/jwks`)).json()) as { keys: Jwk[] }).keys;
const keyIds = async () => (await keySet()).map(({ kid }) => kid);
