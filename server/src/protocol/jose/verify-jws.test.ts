import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, exportJWK, exportSPKI } from 'jose';
import { describe, expect, test } from 'vitest';
import { ASYMMETRIC_ALGORITHMS, type Jwks, type JwsExpectations, parseJwks, selectKeys, verifyJws } from './index.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const PAYLOAD = { iss: 'https://idp.example', sub: 'ada' };
const SECRET = Buffer.from('a shared secret of more than sixty-four bytes, so that it fits every HMAC');

const publicJwk = async (key: KeyObject, members: object) => ({ ...(await exportJWK(key)), ...members });
const rsaJwk = await publicJwk(rsa.publicKey, { kid: 'rsa' });
const jwks = read(
  await Promise.all([
    publicJwk(rsa.publicKey, { kid: 'rsa' }),
    publicJwk(p256.publicKey, { kid: 'p256', alg: 'ES256', use: 'sig' }),
    publicJwk(p384.publicKey, { kid: 'p384' }),
    publicJwk(otherRsa.publicKey, { kid: 'only-rs512', alg: 'RS512' }),
  ]),
);

function read(keys: object[]): Jwks {
  const parsed = parseJwks(JSON.stringify({ keys }));
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value;
}

const against = (set: Jwks, more: Partial<JwsExpectations> = {}): JwsExpectations => ({
  keys: async (header) => selectKeys(set, header),
  algorithms: ASYMMETRIC_ALGORITHMS,
  ...more,
});

type Header = { alg: string; kid?: string } & Record<string, unknown>;

const signWith = (key: KeyObject | Uint8Array, header: Header, payload: unknown = PAYLOAD) =>
  new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(key);

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token put together by hand, for headers that no library would write. */
function forge(header: unknown, signature = '', payload: unknown = PAYLOAD): string {
  return `${encode(header)}.${encode(payload)}.${signature}`;
}

function hmac(header: Header, secret: Uint8Array | string): string {
  const input = `${encode(header)}.${encode(PAYLOAD)}`;
  return `${input}.${createHmac(`sha${header.alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url')}`;
}

async function outcome(token: string, expected = against(jwks)): Promise<string> {
  const result = await verifyJws(token, expected);
  return result.ok ? 'verified' : result.error.code;
}

const pem = await exportSPKI(rsa.publicKey);
const attackerJwk = await exportJWK(otherRsa.publicKey);
const genuine = await signWith(rsa.privateKey, { alg: 'RS256', kid: 'rsa' });

describe('genuine tokens', () => {
  test.each([
    ['RS256', 'rsa', rsa.privateKey],
    ['RS384', 'rsa', rsa.privateKey],
    ['RS512', 'only-rs512', otherRsa.privateKey],
    ['PS256', 'rsa', rsa.privateKey],
    ['PS512', 'rsa', rsa.privateKey],
    ['ES256', 'p256', p256.privateKey],
    ['ES384', 'p384', p384.privateKey],
  ])('%s with key %s is verified', async (alg, kid, key) => {
    const token = await signWith(key, { alg, kid });
    expect(await verifyJws(token, against(jwks))).toEqual({
      ok: true,
      value: { header: { alg, kid }, payload: PAYLOAD },
    });
  });

  test('a header without key id is tried against every key that fits', async () => {
    expect(await outcome(await signWith(rsa.privateKey, { alg: 'RS256' }))).toBe('verified');
    const two = read([await publicJwk(otherRsa.publicKey, {}), await publicJwk(rsa.publicKey, {})]);
    expect(await outcome(await signWith(rsa.privateKey, { alg: 'RS256' }), against(two))).toBe('verified');
    expect(await outcome(await signWith(rsa.privateKey, { alg: 'RS256', kid: 'any' }), against(two))).toBe('verified');
  });

  test.each(['HS256', 'HS384', 'HS512'])('%s is verified with the configured secret', async (alg) => {
    const expected = against(jwks, { algorithms: [alg], secret: SECRET });
    expect(await outcome(hmac({ alg }, SECRET), expected)).toBe('verified');
    expect(await outcome(hmac({ alg }, `${SECRET}x`), expected)).toBe('jws_signature_invalid');
  });
});

describe('O1: the token does not choose its algorithm', () => {
  test.each([
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    ' none',
    'none\u0000',
    'RS256 ',
    'rs256',
    'ES512',
    'ES256K',
    'EdDSA',
    'constructor',
    '__proto__',
  ])('alg %j is refused, with and without a signature, even where the list names it', async (alg) => {
    const signature = (await signWith(rsa.privateKey, { alg: 'RS256' })).split('.')[2]!;
    for (const token of [forge({ alg }), forge({ alg, kid: 'rsa' }, signature), forge({ alg, kid: 'rsa' }, 'AAAA')]) {
      expect(await outcome(token)).toBe('jws_algorithm_not_allowed');
      expect(await outcome(token, against(jwks, { algorithms: [alg], secret: SECRET }))).toBe(
        'jws_algorithm_not_allowed',
      );
    }
  });

  test('a genuine algorithm outside of the list is refused', async () => {
    const token = await signWith(rsa.privateKey, { alg: 'RS256', kid: 'rsa' });
    expect(await outcome(token, against(jwks, { algorithms: ['ES256'] }))).toBe('jws_algorithm_not_allowed');
    expect(await outcome(token, against(jwks, { algorithms: ['RS256'] }))).toBe('verified');
  });

  test.each([undefined, null, 1, ['RS256'], {}, true])('alg of another type, %j, is malformed', async (alg) => {
    expect(await outcome(forge({ alg, kid: 'rsa' }, 'AAAA'))).toBe('jws_malformed');
  });
});

describe('O2: a public key is never a shared secret', () => {
  const secrets: [string, Uint8Array | string][] = [
    ['PEM', pem],
    ['PEM without last line break', pem.trimEnd()],
    ['DER', rsa.publicKey.export({ type: 'spki', format: 'der' })],
    ['PKCS#1', rsa.publicKey.export({ type: 'pkcs1', format: 'der' })],
    ['JWK', JSON.stringify(rsaJwk)],
    ['modulus', Buffer.from(rsaJwk.n!, 'base64url')],
    ['empty', ''],
  ];

  test.each(secrets)('HMAC keyed with %s is refused', async (_, secret) => {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const token = hmac({ alg, kid: 'rsa' }, secret);
      expect(await outcome(token)).toBe('jws_algorithm_not_allowed');
      const both = { algorithms: ['RS256', alg] };
      expect(await outcome(token, against(jwks, both))).toBe('jws_key_unknown');
      expect(await outcome(token, against(jwks, { ...both, secret: SECRET }))).toBe('jws_signature_invalid');
    }
  });

  test('a secret that is too short is refused even where it is right', async () => {
    for (const secret of ['', 'short', 'x'.repeat(31)]) {
      const expected = against(jwks, { algorithms: ['HS256'], secret: Buffer.from(secret) });
      expect(await outcome(hmac({ alg: 'HS256' }, secret), expected)).toBe('jws_secret_too_short');
    }
  });

  test('a key of another type, curve or declared algorithm is refused', async () => {
    const es = await signWith(p256.privateKey, { alg: 'ES256', kid: 'rsa' });
    const rs = await signWith(rsa.privateKey, { alg: 'RS256', kid: 'p256' });
    const curve = await signWith(p256.privateKey, { alg: 'ES256', kid: 'p384' });
    const declared = await signWith(otherRsa.privateKey, { alg: 'RS256', kid: 'only-rs512' });
    for (const token of [es, rs, curve, declared]) expect(await outcome(token)).toBe('jws_key_type_mismatch');
  });

  test('a resolver that hands out an unfit key changes nothing', async () => {
    const everything = async () => ({ ok: true as const, value: jwks.keys });
    const token = await signWith(otherRsa.privateKey, { alg: 'RS256', kid: 'rsa' });
    expect(await outcome(token, { keys: everything, algorithms: ['RS256'] })).toBe('jws_signature_invalid');
  });
});

describe('O3: keys and addresses in the header are not looked at', () => {
  const injections: Record<string, unknown>[] = [
    { jwk: attackerJwk },
    { jku: 'https://attacker.example/jwks' },
    { x5u: 'https://attacker.example/cert' },
    { x5c: ['MIIB'] },
    { jwk: attackerJwk, jku: 'http://169.254.169.254/', x5u: 'file:///etc/passwd', x5c: 'x', x5t: 'y' },
  ];

  test.each(injections)('%j does not replace the key, and does not stop a genuine token', async (injected) => {
    const header = { alg: 'RS256', kid: 'rsa', ...injected };
    expect(await outcome(await signWith(otherRsa.privateKey, header))).toBe('jws_signature_invalid');
    expect(await outcome(await signWith(rsa.privateKey, header))).toBe('verified');
  });

  test.each([
    '../../dev/null',
    "' OR 1=1 --",
    'https://attacker.example/key',
    'RSA',
    '__proto__',
    'constructor',
    '\u0000',
    'rsa\n',
    '',
  ])('kid %j finds no key, and the resolver is asked for it once', async (kid) => {
    const asked: unknown[] = [];
    const keys: JwsExpectations['keys'] = async (header) => {
      asked.push(header);
      return selectKeys(jwks, header);
    };
    const token = await signWith(otherRsa.privateKey, { alg: 'RS256', kid });
    expect(await outcome(token, { keys, algorithms: ['RS256'] })).toBe('jws_key_unknown');
    expect(asked).toEqual([{ alg: 'RS256', kid }]);
  });

  test.each([257, 10_000])('a kid of %i characters is malformed', async (length) => {
    expect(await outcome(await signWith(rsa.privateKey, { alg: 'RS256', kid: 'x'.repeat(length) }))).toBe(
      'jws_malformed',
    );
  });

  test.each([1, null, {}, ['rsa'], true])('a kid of another type, %j, is malformed', async (kid) => {
    expect(await outcome(forge({ alg: 'RS256', kid }, 'AAAA'))).toBe('jws_malformed');
  });
});

describe('form', () => {
  const [header, payload, signature] = genuine.split('.') as [string, string, string];

  test.each([
    ['empty', ''],
    ['one part', header],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${genuine}.x`],
    ['encrypted', `${header}.a.b.c.d`],
    ['white space', ` ${genuine}`],
    ['line break', `${genuine}\n`],
    ['padding', `${header}=.${payload}.${signature}`],
    ['plain base64', `${header}.${payload}.a+/b`],
    ['empty payload', `${header}..${signature}`],
    ['header that is no JSON', `AAAA.${payload}.${signature}`],
    ['header that is a list', forge([])],
    ['header that is null', forge('null')],
    ['JSON serialisation', JSON.stringify({ protected: header, payload, signature })],
  ])('%s is malformed', async (_, token) => expect(await outcome(token)).toBe('jws_malformed'));

  test.each([[[]], [['exp']], [['b64']], [['x']], [null], ['x']])('crit %j is refused', async (crit) => {
    const token = forge({ alg: 'RS256', kid: 'rsa', crit, b64: true, exp: 1, x: 1 }, signature);
    expect(await outcome(token)).toBe('jws_critical_header_refused');
  });

  test('a changed, cut or missing signature is invalid', async () => {
    const flipped = signature[0] === 'A' ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    for (const other of [flipped, signature.slice(0, -4), '', `${signature}AAAA`]) {
      expect(await outcome(`${header}.${payload}.${other}`)).toBe('jws_signature_invalid');
    }
    expect(await outcome(`${header}.${encode({ ...PAYLOAD, sub: 'eve' })}.${signature}`)).toBe('jws_signature_invalid');
    expect(await outcome(genuine)).toBe('verified');
  });

  test('an ECDSA signature of zeros is invalid', async () => {
    const zeros = Buffer.alloc(64).toString('base64url');
    expect(await outcome(forge({ alg: 'ES256', kid: 'p256' }, zeros))).toBe('jws_signature_invalid');
  });

  test.each(['null', '[]', '"text"', '1', 'no json', '\ufeff{}'])(
    'a signed payload %j is not an object',
    async (text) => {
      const token = await new CompactSign(Buffer.from(text))
        .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
        .sign(rsa.privateKey);
      const expected = text === '\ufeff{}' ? 'verified' : 'jws_payload_not_an_object';
      expect(await outcome(token)).toBe(expected);
    },
  );

  test('sixteen kilobytes are the limit, which a caller may lower', async () => {
    const fill = (size: number) => signWith(rsa.privateKey, { alg: 'RS256', kid: 'rsa' }, { text: 'x'.repeat(size) });
    expect(await outcome(await fill(11_000))).toBe('verified');
    expect(await outcome(await fill(12_500))).toBe('jws_too_large');
    expect(await outcome(genuine, against(jwks, { maxBytes: genuine.length - 1 }))).toBe('jws_too_large');
  });

  test('a refusal repeats nothing of the token but algorithm and key id, and those cut', async () => {
    const token = forge({ alg: 'x'.repeat(500), kid: 'rsa' }, signature);
    const result = await verifyJws(token, against(jwks));
    expect(!result.ok && result.error.message.length).toBeLessThan(250);
  });

  test('random tokens are refused with a code', async () => {
    const part = fc.oneof(
      fc.base64String().map((text) => text.replace(/=/g, '')),
      fc.json().map(encode),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        expect(await outcome(parts.join('.'))).toMatch(/^jws_/);
      }),
      { numRuns: 500 },
    );
  });
});
