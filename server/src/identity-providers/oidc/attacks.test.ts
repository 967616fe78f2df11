/** Attacks on the hub as relying party (security.md §1.2), each beside the genuine answer that differs in nothing else. */
import { createHmac, createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSignIn, fixedClock, type SignInOptions } from '../../../test/support/oidc-connector.ts';
import { type StubProvider, startStubProvider } from '../../../test/support/stub-openid-provider.ts';

const clock = fixedClock();
const noKeys = async () => Promise.reject(new Error('no client key is used here'));
let provider: StubProvider;
let hub: ReturnType<typeof createSignIn>;

beforeAll(async () => {
  provider = await startStubProvider(clock.now);
  hub = createSignIn(provider, clock, noKeys);
});
afterEach(() => provider.reset());
afterAll(async () => {
  await hub.close();
  await provider.close();
});

const outcome = async (options: SignInOptions = {}) => {
  const { result } = await hub.signIn(options);
  return result.ok ? 'accepted' : result.error.code;
};
const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => clock.now().getTime() / 1000;

describe('O1, O2: the algorithm', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', ''])('"%s" is never accepted, with or without a signature', async (alg) => {
    for (const signature of ['', 'AAAA']) {
      provider.idToken = (claims) => `${b64({ alg, kid: 'key-1' })}.${b64(claims)}.${signature}`;
      expect(await outcome({ settings: { idTokenAlgorithms: ['RS256', alg] } })).toBe('jws_algorithm_not_allowed');
    }
    provider.idToken = null;
    expect(await outcome()).toBe('accepted');
  });

  it('HS256 keyed by the public key, in any spelling, is never accepted', async () => {
    const key = (await importJWK(provider.keys.publicJwk, 'RS256')) as never;
    const pem = await exportSPKI(key);
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    for (const secret of [pem, pem.trim(), der, JSON.stringify(provider.keys.publicJwk), '']) {
      provider.idToken = (claims) => {
        const input = `${b64({ alg: 'HS256', kid: 'key-1' })}.${b64(claims)}`;
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      };
      expect(await outcome()).toBe('jws_algorithm_not_allowed');
      expect(await outcome({ settings: { idTokenAlgorithms: ['RS256', 'HS256'] } })).toBe('jws_signature_invalid');
    }
  });

  it('HS256 keyed by the client secret is accepted where it is configured, and only there', async () => {
    provider.idToken = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(provider.clientSecret));
    expect(await outcome()).toBe('jws_algorithm_not_allowed');
    expect(await outcome({ settings: { idTokenAlgorithms: ['HS256'], jwksUrl: null } })).toBe('accepted');
    expect(provider.received.keySet).toBe(0);
  });

  it('a key of another type is not used, and RS256 is not accepted where only ES256 is', async () => {
    provider.idToken = (claims) => provider.sign(claims);
    expect(await outcome({ settings: { idTokenAlgorithms: ['ES256'] } })).toBe('jws_algorithm_not_allowed');
    const { privateKey } = await generateKeyPair('ES256');
    provider.idToken = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'key-1' }).sign(privateKey);
    expect(await outcome()).toBe('jws_key_type_mismatch');
  });
});

describe('O3: the header', () => {
  it.each(['../../dev/null', "' or 1=1 --", 'http://169.254.169.254/', '__proto__', 'k'.repeat(1_000_000)])(
    'names no key of ours: kid %.30s',
    async (kid) => {
      provider.idToken = (claims) => provider.sign(claims, { kid });
      expect(await outcome()).toMatch(/^(jws_key_unknown|jws_malformed|token_endpoint_unusable)$/);
    },
  );

  it('brings no key of its own', async () => {
    const attacker = await generateKeyPair('RS256', { extractable: true });
    const { exportJWK } = await import('jose');
    const jwk = await exportJWK(attacker.publicKey);
    for (const header of [
      { jwk },
      { jku: 'https://attacker.example/keys' },
      { x5u: 'https://attacker.example/' },
      { x5c: ['AAAA'] },
    ]) {
      provider.idToken = (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(attacker.privateKey);
      expect(await outcome()).toBe('jws_signature_invalid');
    }
  });

  it('with an extension that must be understood is refused', async () => {
    provider.idToken = (claims) =>
      `${b64({ alg: 'RS256', kid: 'key-1', crit: ['b64'], b64: false })}.${b64(claims)}.AAAA`;
    expect(await outcome()).toBe('jws_critical_header_refused');
  });
});

describe('O4: the key set', () => {
  it('is not fetched from a private address, nor through a redirect, nor when it is too large', async () => {
    const settings = { jwksUrl: `${provider.url}/keys?o4` };
    provider.keySet = () => ({ status: 302, headers: { location: 'http://169.254.169.254/meta-data/' }, body: '' });
    expect(await outcome({ settings })).toBe('provider_keys_unavailable');
    clock.advance(60_000);
    const padding = 'x'.repeat(600 * 1024);
    provider.keySet = () => ({ body: JSON.stringify({ keys: [provider.keys.publicJwk], padding }) });
    expect(await outcome({ settings })).toBe('provider_keys_unavailable');
    expect(await outcome({ settings: { jwksUrl: 'https://169.254.169.254/keys' } })).toBe('provider_keys_unavailable');
    expect(await outcome({ settings: { jwksUrl: 'https://10.0.0.1/keys' } })).toBe('provider_keys_unavailable');
    clock.advance(60_000);
    provider.keySet = null;
    expect(await outcome({ settings })).toBe('accepted');
  });

  it('with a symmetric, private or short key offers none of them', async () => {
    const settings = { jwksUrl: `${provider.url}/keys?unfit` };
    const unfit = [
      { kty: 'oct', k: 'AAAA', kid: 'key-1' },
      { ...provider.keys.publicJwk, d: 'AAAA' },
      { kty: 'RSA', kid: 'key-1', n: Buffer.alloc(128, 0xab).toString('base64url'), e: 'AQAB' },
    ];
    provider.keySet = () => ({ body: JSON.stringify({ keys: unfit }) });
    expect(await outcome({ settings })).toBe('jws_key_unknown');
    clock.advance(60_000);
    provider.keySet = () => ({ body: JSON.stringify({ keys: [...unfit, provider.keys.publicJwk] }) });
    expect(await outcome({ settings })).toBe('accepted');
  });
});

describe('O5: a claim', () => {
  const wrong: [name: string, value: unknown, code: string][] = [
    ['iss', undefined, 'id_token_issuer_mismatch'],
    ['iss', 'https://attacker.example', 'id_token_issuer_mismatch'],
    ['iss', ['https://attacker.example'], 'id_token_issuer_mismatch'],
    ['aud', undefined, 'id_token_audience_mismatch'],
    ['aud', 'client-2', 'id_token_audience_mismatch'],
    ['aud', ['client-2'], 'id_token_audience_mismatch'],
    ['azp', undefined, 'id_token_authorized_party_mismatch'],
    ['aud', { 0: 'client-1' }, 'id_token_audience_mismatch'],
    ['azp', 'client-2', 'id_token_authorized_party_mismatch'],
    ['exp', undefined, 'id_token_expiry_missing'],
    ['exp', 'tomorrow', 'id_token_expiry_missing'],
    ['exp', 1, 'id_token_expired'],
    ['iat', undefined, 'id_token_issued_at_missing'],
    ['iat', 99_999_999_999, 'id_token_issued_in_future'],
    ['nbf', 99_999_999_999, 'id_token_not_yet_valid'],
    ['nonce', undefined, 'id_token_nonce_mismatch'],
    ['nonce', 'another', 'id_token_nonce_mismatch'],
    ['nonce', ['another'], 'id_token_nonce_mismatch'],
    ['sub', undefined, 'id_token_subject_missing'],
    ['sub', '', 'id_token_subject_missing'],
    ['sub', 7, 'id_token_subject_malformed'],
    ['sub', ['subject-1'], 'id_token_subject_malformed'],
    ['sub', 'x'.repeat(256), 'id_token_subject_malformed'],
    ['sub', '\ud800', 'id_token_subject_malformed'],
    ['sub', 'a\0', 'id_token_subject_malformed'],
    ['at_hash', 'AAAA', 'id_token_access_token_hash_mismatch'],
    ['c_hash', 'AAAA', 'id_token_code_hash_mismatch'],
  ];
  it.each(wrong)('%s = %j is refused, and the reason names it', async (name, value, code) => {
    provider.claims = { ...(name === 'azp' && { aud: ['client-1', 'client-2'] }), [name]: value };
    const { result } = await hub.signIn();
    expect(!result.ok && result.error.code).toBe(code);
    expect(!result.ok && result.error.reason).toContain(`"${name}"`);
  });

  it('that is right is accepted, also aud as a list with azp', async () => {
    provider.claims = { aud: ['client-2', 'client-1'], azp: 'client-1' };
    expect(await outcome()).toBe('accepted');
    provider.claims = {};
    expect(await outcome()).toBe('accepted');
  });

  it('about time may be off by the clock skew, and the refusal measures by how much', async () => {
    provider.claims = { exp: now() - 59 };
    expect(await outcome()).toBe('accepted');
    provider.claims = { exp: now() - 90 };
    const { result } = await hub.signIn();
    expect(!result.ok && result.error.hint).toContain('off by 90 s');
    expect(await outcome({ settings: { maxClockSkewSeconds: 180 } })).toBe('accepted');
  });

  it('auth_time is required and checked where a maximum age was asked for', async () => {
    const start = { maxAge: 300 };
    expect(await outcome({ start })).toBe('id_token_auth_time_missing');
    provider.claims = { auth_time: now() - 1000 };
    expect(await outcome({ start })).toBe('id_token_authentication_too_old');
    provider.claims = { auth_time: now() - 100 };
    expect(await outcome({ start })).toBe('accepted');
  });
});

describe('O6: mix-up', () => {
  const withIss = (iss: string): SignInOptions => ({
    bring: (answer) => new URLSearchParams([...answer, ['iss', iss]]),
  });

  it('an answer that names another issuer is refused before its code goes anywhere', async () => {
    expect(await outcome(withIss('https://attacker.example'))).toBe('callback_issuer_mismatch');
    expect(await outcome(withIss(`${provider.issuer}/`))).toBe('callback_issuer_mismatch');
    expect(provider.received.token).toEqual([]);
    expect(await outcome(withIss(provider.issuer))).toBe('accepted');
  });

  it('an answer that names no issuer is refused where one is required', async () => {
    expect(await outcome({ settings: { requireIssParameter: true } })).toBe('callback_issuer_missing');
    expect(await outcome({ settings: { requireIssParameter: true }, ...withIss(provider.issuer) })).toBe('accepted');
    expect(await outcome()).toBe('accepted');
  });

  it('a parameter that comes twice is refused', async () => {
    for (const name of ['code', 'state', 'iss', 'error']) {
      const twice = (answer: URLSearchParams) => new URLSearchParams([...answer, [name, 'a'], [name, 'b']]);
      expect(await outcome({ bring: twice })).toBe('callback_parameter_repeated');
    }
  });
});

describe('O7: the parts of the link key', () => {
  it('are the configured issuer and the verified subject, not what a claim or userinfo says beside them', async () => {
    provider.claims = { sub: '00u1', uuid: 'another' };
    provider.userInfo = () => ({ body: JSON.stringify({ sub: '00u1', iss: 'https://attacker.example' }) });
    const { result } = await hub.signIn({ settings: { userInfoUrl: `${provider.url}/userinfo` } });
    expect(result).toMatchObject({ ok: true, value: { subject: '00u1', issuer: provider.issuer } });
  });

  it('two providers with one client id do not pass for each other', async () => {
    const other = await startStubProvider(clock.now);
    try {
      provider.idToken = (claims) => other.sign({ ...claims, iss: provider.issuer });
      expect(await outcome()).toBe('jws_signature_invalid');
      provider.idToken = (claims) => provider.sign({ ...claims, iss: other.issuer });
      expect(await outcome()).toBe('id_token_issuer_mismatch');
    } finally {
      await other.close();
    }
  });
});

describe('O10: userinfo', () => {
  it.each([
    ['userinfo_subject_mismatch', { sub: 'subject-2', email: 'victim@example.com' }],
    ['userinfo_subject_mismatch', { email: 'victim@example.com' }],
    ['userinfo_subject_mismatch', { sub: ['subject-1'] }],
    ['userinfo_subject_mismatch', { sub: null }],
  ])('%s: %j', async (code, body) => {
    const settings = { userInfoUrl: `${provider.url}/userinfo` };
    provider.userInfo = () => ({ body: JSON.stringify(body) });
    expect(await outcome({ settings })).toBe(code);
    provider.userInfo = () => ({ body: JSON.stringify({ ...body, sub: 'subject-1' }) });
    expect(await outcome({ settings })).toBe('accepted');
  });

  it('signed by another key, for another client, or too late is refused', async () => {
    const settings = { userInfoUrl: `${provider.url}/userinfo`, userInfoForm: 'jwt' as const };
    const { privateKey } = await generateKeyPair('RS256');
    const claims = { sub: 'subject-1', iss: provider.issuer, aud: 'client-1', exp: now() + 60 };
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(privateKey);
    const answers: [string, string][] = [
      ['userinfo_signature_invalid', forged],
      ['userinfo_signature_invalid', `${b64({ alg: 'none' })}.${b64(claims)}.AAAA`],
      ['userinfo_claim_mismatch', await provider.sign({ ...claims, aud: 'client-2' })],
      ['userinfo_claim_mismatch', await provider.sign({ ...claims, iss: 'https://attacker.example' })],
      ['userinfo_claim_mismatch', await provider.sign({ ...claims, exp: now() - 3600 })],
      ['userinfo_subject_mismatch', await provider.sign({ ...claims, sub: 'subject-2' })],
      ['userinfo_encrypted', 'eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d'],
      ['accepted', await provider.sign(claims)],
    ];
    for (const [code, body] of answers) {
      provider.userInfo = () => ({ type: 'application/jwt', body });
      expect(await outcome({ settings })).toBe(code);
    }
  });

  it('does not lend its verification to the address of the ID token', async () => {
    const settings = { userInfoUrl: `${provider.url}/userinfo` };
    const verifiedOf = async (email: string) => {
      provider.userInfo = () => ({ body: JSON.stringify({ sub: 'subject-1', email, email_verified: true }) });
      const { result } = await hub.signIn({ settings });
      return result.ok && result.value.emailVerified;
    };
    expect(await verifiedOf('attacker@example.com')).toBeNull();
    expect(await verifiedOf('ada@example.com')).toBe(true);
  });
});

describe('O12: the issuer', () => {
  it.each(['/', '?x=1', '/../oidc'])('is compared byte for byte: …%s', async (suffix) => {
    provider.claims = { iss: provider.issuer + suffix };
    expect(await outcome()).toBe('id_token_issuer_mismatch');
  });

  it('does not lead to other endpoints: nothing is discovered', async () => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    provider.claims = { iss: issuer };
    expect(await outcome({ settings: { issuer } })).toBe('accepted');
    expect(asked).toEqual([]);
    await new Promise((done) => elsewhere.close(done));
  });
});

describe('O13: code injection', () => {
  it("a victim's code in the attacker's sign-in is refused by the challenge, and without one by the nonce", async () => {
    for (const pkce of [true, false]) {
      const victim = await hub
        .connector({ pkce })
        .begin({ baseUrl: 'https://hub.example.com', state: 'victim', now: clock.now() });
      const stolen = provider.answer(victim.outgoing.kind === 'redirect' ? victim.outgoing.url : '').get('code')!;
      const inject = (answer: URLSearchParams) => new URLSearchParams({ code: stolen, state: answer.get('state')! });
      expect(await outcome({ settings: { pkce }, bring: inject })).toBe(
        pkce ? 'token_code_refused' : 'id_token_nonce_mismatch',
      );
      expect(await outcome({ settings: { pkce } })).toBe('accepted');
    }
  });

  it('what was remembered cannot be missing or half', async () => {
    expect(await outcome({ remembered: () => null })).toBe('invalid_social_state');
    expect(await outcome({ remembered: () => ({ nonce: 'n' }) })).toBe('invalid_social_state');
    expect(await outcome({ remembered: (own) => ({ ...(own as object), nonce: 'another' }) })).toBe(
      'id_token_nonce_mismatch',
    );
    expect(await outcome({ remembered: (own) => ({ ...(own as object), verifier: 'v'.repeat(43) }) })).toBe(
      'token_code_refused',
    );
  });
});
