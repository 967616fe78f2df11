import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJwks, selectKeys } from './index.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed25519 = generateKeyPairSync('ed25519');

const jwk = (key: KeyObject, members: object = {}) => ({ ...key.export({ format: 'jwk' }), ...members });
const GOOD = jwk(rsa.publicKey, { kid: 'good', use: 'sig', alg: 'RS256' });

function read(keys: unknown[]) {
  const parsed = parseJwks(JSON.stringify({ keys }));
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value;
}

describe('a key set', () => {
  test('is read with the oddities of real providers', () => {
    const odd = {
      ...jwk(rsa.publicKey, { kid: 'signing' }),
      algorithm: 'RS256',
      use: 'sig',
      x5t: 'abc',
      x5c: ['MIIE\nabc\ndef\n'],
      'unknown member': { deep: [1] },
    };
    expect(read([odd]).keys).toMatchObject([{ kid: 'signing', keyType: 'RSA', algorithm: 'RS256', curve: null }]);
  });

  test('takes RSA, P-256 and P-384', () => {
    const keys = read([GOOD, jwk(p256.publicKey, { kid: 'a' }), jwk(p384.publicKey)]).keys;
    expect(keys.map(({ kid, keyType, curve }) => [kid, keyType, curve])).toEqual([
      ['good', 'RSA', null],
      ['a', 'EC', 'P-256'],
      [null, 'EC', 'P-384'],
    ]);
  });

  test.each([
    ['rsa_key_too_short', jwk(weakRsa.publicKey)],
    ['private_key_published', jwk(rsa.privateKey)],
    ['private_key_published', jwk(p256.privateKey)],
    ['symmetric_key', { kty: 'oct', k: 'AAAA' }],
    ['key_type_unsupported', jwk(ed25519.publicKey)],
    ['key_type_unsupported', { kty: 'rsa' }],
    ['key_type_unsupported', {}],
    ['curve_unsupported', jwk(p521.publicKey)],
    ['curve_unsupported', { ...jwk(p256.publicKey), crv: 'secp256k1' }],
    ['not_for_signatures', jwk(rsa.publicKey, { use: 'enc' })],
    ['not_for_signatures', jwk(rsa.publicKey, { alg: 'RSA-OAEP' })],
    ['not_for_signatures', jwk(rsa.publicKey, { alg: 'HS256' })],
    ['not_for_signatures', jwk(rsa.publicKey, { alg: 'ES256' })],
    ['not_for_signatures', jwk(rsa.publicKey, { algorithm: 'none' })],
    ['not_for_signatures', jwk(rsa.publicKey, { key_ops: ['encrypt'] })],
    ['kid_too_long', jwk(rsa.publicKey, { kid: 'x'.repeat(257) })],
    ['rsa_exponent_unsafe', jwk(rsa.publicKey, { e: 'AQ' })],
    ['rsa_exponent_unsafe', jwk(rsa.publicKey, { e: 'Ag' })],
    ['rsa_exponent_unsafe', jwk(rsa.publicKey, { e: '_____w8' })],
    ['key_unreadable', { ...jwk(p256.publicKey), x: 'AAAA' }],
    ['key_unreadable', { kty: 'RSA', e: 'AQAB' }],
    ['key_unreadable', { kty: 'RSA', n: 1, e: {} }],
    ['not_an_object', null],
    ['not_an_object', 'text'],
    ['not_an_object', [GOOD]],
  ])('leaves out a key because of %s and keeps its neighbour', (reason, bad) => {
    const jwks = read([bad, GOOD]);
    expect(jwks.refused.map((key) => key.reason)).toEqual([reason]);
    expect(jwks.keys.map((key) => key.kid)).toEqual(['good']);
  });

  test('an RSA key of more than 8,192 bits is left out', () => {
    const n = Buffer.alloc(1152, 0xff).toString('base64url');
    expect(read([{ kty: 'RSA', n, e: 'AQAB' }, GOOD]).refused).toEqual([{ kid: null, reason: 'rsa_key_too_long' }]);
  });

  test.each(['', 'null', '[]', '{}', '{"keys":{}}', '{"keys":', '<html>', '"keys"'])('%j is malformed', (text) => {
    expect(parseJwks(text)).toMatchObject({ ok: false, error: { code: 'jwks_malformed' } });
  });

  test('100 keys and 512 KB are the limits', () => {
    const small = { kty: 'oct' };
    expect(read(Array(100).fill(small)).refused).toHaveLength(100);
    const code = (text: string) => {
      const parsed = parseJwks(text);
      return parsed.ok ? 'fine' : parsed.error.code;
    };
    expect(code(JSON.stringify({ keys: Array(101).fill(small) }))).toBe('jwks_too_many_keys');
    const fill = (length: number) => `{"keys":[],"x":"${'x'.repeat(length - 18)}"}`;
    expect(code(fill(512 * 1024))).toBe('fine');
    expect(code(fill(512 * 1024 + 1))).toBe('jwks_too_large');
  });

  test('any JSON is answered with keys or a code', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(fc.jsonValue()).map((keys) => JSON.stringify({ keys })),
        ),
        (text) => {
          const parsed = parseJwks(text);
          expect(parsed.ok ? parsed.value.keys : []).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('selection', () => {
  const jwks = read([
    jwk(rsa.publicKey, { kid: 'a' }),
    jwk(p256.publicKey, { kid: 'a' }),
    jwk(p384.publicKey, { kid: 'b' }),
    jwk(weakRsa.publicKey, { kid: 'weak' }),
  ]);
  const select = (alg: string, kid?: string) => {
    const selected = selectKeys(jwks, kid === undefined ? { alg } : { alg, kid });
    return selected.ok ? selected.value.map((key) => `${key.kid} ${key.keyType}`) : selected.error.code;
  };

  test.each([
    ['RS256', 'a', ['a RSA']],
    ['ES256', 'a', ['a EC']],
    ['ES384', 'b', ['b EC']],
    ['RS256', undefined, ['a RSA']],
    ['RS256', 'b', 'jws_key_type_mismatch'],
    ['ES384', 'a', 'jws_key_type_mismatch'],
    ['HS256', 'a', 'jws_key_type_mismatch'],
    ['none', 'a', 'jws_key_type_mismatch'],
    ['RS256', 'c', 'jws_key_unknown'],
    ['RS256', 'weak', 'jws_key_unknown'],
  ])('%s with kid %s', (alg, kid, expected) => expect(select(alg, kid)).toEqual(expected));

  test('a refused key is named with its reason', () => {
    const selected = selectKeys(jwks, { alg: 'RS256', kid: 'weak' });
    expect(!selected.ok && selected.error.message).toContain('rsa_key_too_short');
  });

  test('an empty set knows no key', () => {
    expect(selectKeys({ keys: [], refused: [] }, { alg: 'RS256' })).toMatchObject({
      error: { code: 'jws_key_unknown' },
    });
  });
});
