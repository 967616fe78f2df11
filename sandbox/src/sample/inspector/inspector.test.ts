import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../test/browser.ts';
import { type RunningSample, startSample } from '../index.ts';
import { decode } from './decode.ts';

let hub: Server;
let issuer: string;
let sample: RunningSample;
let sign: (claims: Record<string, unknown>, key?: CryptoKey) => Promise<string>;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  hub = createServer(({ url }, response) => {
    const documents: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
      '/oauth2/default/.well-known/openid-configuration': {
        issuer: `${issuer}/oauth2/default`,
        jwks_uri: `${issuer}/keys`,
      },
      '/keys': { keys: [jwk] },
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(documents[url ?? ''] ?? {}));
  });
  await new Promise<void>((done) => hub.listen(0, '127.0.0.1', done));
  issuer = `http://localhost:${(hub.address() as AddressInfo).port}`;
  sign = (claims, key = privateKey) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key);
  sample = await startSample({ port: 0, issuer, clientId: 'app', clientSecret: 'secret' });
});
afterAll(async () => {
  await sample.close();
  hub.close();
  hub.closeAllConnections();
});

const soon = () => Math.floor(Date.now() / 1000) + 600;
const good = () => ({ iss: issuer, aud: 'app', sub: '00u1', nonce: 'n1', exp: soon(), fname: '<Alex>' });

async function inspect(form: Record<string, string>) {
  const { text } = await createBrowser(sample.url).post('/inspector', form, { 'sec-fetch-site': 'cross-site' });
  const rows = [...text.matchAll(/data-check="(\w+)" data-outcome="(\w+)"/g)];
  return { text, outcomes: Object.fromEntries(rows.map(([, check, outcome]) => [check, outcome])) };
}

describe('a token that was posted', () => {
  test('is taken apart and checked', async () => {
    const { text, outcomes } = await inspect({ id_token: await sign(good()), state: 'abc', expected_nonce: 'n1' });
    expect(outcomes).toEqual({ signature: 'passed', iss: 'passed', aud: 'passed', nonce: 'passed', exp: 'passed' });
    expect(text).toContain('&lt;Alex&gt;');
    expect(text).toContain('abc');
  });

  test('of an authorization server of the hub passes too', async () => {
    const token = await sign({ ...good(), iss: `${issuer}/oauth2/default` });
    expect((await inspect({ id_token: token })).outcomes).toMatchObject({ signature: 'passed', iss: 'passed' });
  });

  test('is not compared with a nonce that nobody entered', async () => {
    expect((await inspect({ id_token: await sign(good()) })).outcomes.nonce).toBe('unknown');
  });

  test('is compared with the client ID that was entered', async () => {
    const token = await sign({ ...good(), aud: ['other', 'api'] });
    expect((await inspect({ id_token: token })).outcomes.aud).toBe('failed');
    expect((await inspect({ id_token: token, expected_audience: 'other' })).outcomes.aud).toBe('passed');
  });

  test.each([
    ['iss', { iss: 'https://evil.test' }],
    ['iss', { iss: undefined }],
    ['aud', { aud: 'other' }],
    ['nonce', { nonce: 'n2' }],
    ['exp', { exp: 1 }],
    ['exp', { exp: undefined }],
  ])('fails at %s with %j', async (check, change) => {
    const { outcomes } = await inspect({ id_token: await sign({ ...good(), ...change }), expected_nonce: 'n1' });
    expect(outcomes[check]).toBe('failed');
  });

  test('of another issuer sends nobody anywhere for keys', async () => {
    const { outcomes, text } = await inspect({ id_token: await sign({ ...good(), iss: 'http://localhost:1' }) });
    expect(outcomes.signature).toBe('failed');
    expect(text).toContain('Not looked up');
  });

  test('with a bad signature, or none, fails', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const [header, payload] = (await sign(good())).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await inspect({ id_token: await sign(good(), privateKey) })).outcomes.signature).toBe('failed');
    expect((await inspect({ id_token: `${header}.${payload}.` })).outcomes.signature).toBe('failed');
    expect((await inspect({ id_token: `${none}.${payload}.c2ln` })).outcomes.signature).toBe('failed');
  });
});

test('an error that was posted is shown as text', async () => {
  const { text } = await inspect({ error: 'access_denied', error_description: '<b>no</b>', state: 's' });
  expect(text).toContain('The hub sent an error');
  expect(text).toContain('&lt;b&gt;no&lt;/b&gt;');
});

test('an answer in the query is shown too', async () => {
  const { text } = await createBrowser(sample.url).get('/inspector?error=login_required&state=s');
  expect(text).toContain('login_required');
});

test('the script that reads the fragment is served from the same origin', async () => {
  const browser = createBrowser(sample.url);
  const { headers } = await browser.get('/inspector');
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect((await browser.get('/inspector.js')).text).toContain('location.hash');
});

describe('decoding', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const object = fc.dictionary(fc.string(), fc.jsonValue());

  test('gives back any header and payload', () => {
    fc.assert(
      fc.property(object, object, (header, payload) => {
        const [h, p] = [JSON.parse(JSON.stringify(header)), JSON.parse(JSON.stringify(payload))];
        expect(decode(` ${part(header)}.${part(payload)}.c2ln\n`)).toEqual({
          header: h,
          payload: p,
          signature: 'c2ln',
        });
      }),
    );
  });

  test('answers any text without an exception', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['string', 'object']).toContain(typeof decode(text));
      }),
    );
  });

  test.each(['', 'a', 'a.b', 'a.b.c', `${part([])}.${part({})}.x`, `${part({})}.${part('text')}.x`, 'a.b.c.d.e'])(
    'says why %j is no token',
    (text) => expect(decode(text)).toMatch(/\.$/),
  );
});
