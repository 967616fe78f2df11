import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIdTokenClaims, effectiveClockSkew, halfHash, type IdTokenExpectations } from './index.ts';

const NOW = 1_790_000_000;
const EXPECTED: IdTokenExpectations = {
  issuer: 'https://api.idmelabs.com/oidc',
  audience: 'client-1',
  now: new Date(NOW * 1000),
  nonce: 'n-0S6_WzA2Mj',
  algorithm: 'RS256',
  accessToken: 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y',
};
const CLAIMS = {
  iss: 'https://api.idmelabs.com/oidc',
  aud: 'client-1',
  sub: '24400320',
  exp: NOW + 300,
  iat: NOW - 2,
  nonce: 'n-0S6_WzA2Mj',
};

function codes(claims: Record<string, unknown>, expected: Partial<IdTokenExpectations> = {}): string[] {
  const result = checkIdTokenClaims({ ...CLAIMS, ...claims }, { ...EXPECTED, ...expected });
  return result.ok ? [] : result.error.map((failure) => failure.code);
}

test('a correct token is accepted with its claims', () => {
  expect(checkIdTokenClaims(CLAIMS, EXPECTED)).toEqual({
    ok: true,
    value: { issuer: CLAIMS.iss, subject: '24400320', issuedAt: NOW - 2, expiresAt: NOW + 300, all: CLAIMS },
  });
});

describe('O5: what is accepted beside it', () => {
  test.each([
    ['a list of one audience', { aud: ['client-1'] }],
    ['several audiences and us as authorized party', { aud: ['client-1', 'other'], azp: 'client-1' }],
    ['one audience and us as authorized party', { azp: 'client-1' }],
    ['a time in the past before which it was not valid', { nbf: NOW - 5 }],
    ['fractions of seconds', { iat: NOW - 1.5, exp: NOW + 0.5 }],
    ['a long lifetime', { exp: NOW + 18_000 }],
    ['a subject of 255 characters', { sub: 'x'.repeat(255) }],
    ['a subject of one character', { sub: '1' }],
    ['a subject with = and +', { sub: 'A+b/c=' }],
    ['no auth_time where no max_age was sent', { auth_time: undefined }],
  ])('%s', (_, claims) => expect(codes(claims)).toEqual([]));

  test('no nonce where none was sent', () => {
    expect(codes({ nonce: undefined }, { nonce: null })).toEqual([]);
  });
});

describe('O5: what is refused', () => {
  test.each([
    ['id_token_issuer_mismatch', { iss: undefined }],
    ['id_token_issuer_mismatch', { iss: 'https://api.idmelabs.com/oidc/' }],
    ['id_token_issuer_mismatch', { iss: 'https://API.idmelabs.com/oidc' }],
    ['id_token_issuer_mismatch', { iss: 'http://api.idmelabs.com/oidc' }],
    ['id_token_issuer_mismatch', { iss: ['https://api.idmelabs.com/oidc'] }],
    ['id_token_issuer_mismatch', { iss: '' }],
    ['id_token_audience_mismatch', { aud: undefined }],
    ['id_token_audience_mismatch', { aud: 'client-2' }],
    ['id_token_audience_mismatch', { aud: 'client-1 ' }],
    ['id_token_audience_mismatch', { aud: 'client-10' }],
    ['id_token_audience_mismatch', { aud: [] }],
    ['id_token_audience_mismatch', { aud: ['client-2'] }],
    ['id_token_audience_mismatch', { aud: ['client-1', 7] }],
    ['id_token_audience_mismatch', { aud: { 'client-1': true } }],
    ['id_token_audience_mismatch', { aud: [['client-1']] }],
    ['id_token_authorized_party_mismatch', { aud: ['client-1', 'other'] }],
    ['id_token_authorized_party_mismatch', { aud: ['client-1', 'other'], azp: 'other' }],
    ['id_token_authorized_party_mismatch', { azp: 'other' }],
    ['id_token_authorized_party_mismatch', { azp: ['client-1'] }],
    ['id_token_authorized_party_mismatch', { azp: null }],
    ['id_token_expiry_missing', { exp: undefined }],
    ['id_token_expiry_missing', { exp: String(NOW + 300) }],
    ['id_token_expiry_missing', { exp: null }],
    ['id_token_expiry_missing', { exp: Number.POSITIVE_INFINITY }],
    ['id_token_expired', { exp: NOW - 60 }],
    ['id_token_expired', { exp: 0 }],
    ['id_token_issued_at_missing', { iat: undefined }],
    ['id_token_issued_at_missing', { iat: String(NOW) }],
    ['id_token_issued_at_missing', { iat: -1 }],
    ['id_token_issued_in_future', { iat: NOW + 61 }],
    ['id_token_issued_in_future', { iat: NOW * 1000 }],
    ['id_token_too_old', { iat: NOW - 661 }],
    ['id_token_not_before_malformed', { nbf: 'now' }],
    ['id_token_not_before_malformed', { nbf: null }],
    ['id_token_not_yet_valid', { nbf: NOW + 61 }],
    ['id_token_nonce_mismatch', { nonce: undefined }],
    ['id_token_nonce_mismatch', { nonce: 'other' }],
    ['id_token_nonce_mismatch', { nonce: '' }],
    ['id_token_nonce_mismatch', { nonce: ['n-0S6_WzA2Mj'] }],
    ['id_token_nonce_mismatch', { nonce: 'N-0S6_WzA2Mj' }],
    ['id_token_subject_missing', { sub: undefined }],
    ['id_token_subject_missing', { sub: '' }],
    ['id_token_subject_missing', { sub: null }],
    ['id_token_subject_malformed', { sub: 24400320 }],
    ['id_token_subject_malformed', { sub: ['x'] }],
    ['id_token_subject_malformed', { sub: { $ne: '' } }],
    ['id_token_subject_malformed', { sub: 'x'.repeat(256) }],
    ['id_token_subject_malformed', { sub: 'a\u0000b' }],
    ['id_token_access_token_hash_mismatch', { at_hash: 'AAAA' }],
    ['id_token_access_token_hash_mismatch', { at_hash: null }],
    ['id_token_access_token_hash_mismatch', { at_hash: 1 }],
  ])('%s: %j', (code, claims) => expect(codes(claims)).toEqual([code]));

  test('every failure is told, in the order of the checks', () => {
    expect(codes({ iss: 'x', aud: 'x', exp: 1, iat: 1, nonce: 'x', sub: '' })).toEqual([
      'id_token_issuer_mismatch',
      'id_token_audience_mismatch',
      'id_token_subject_missing',
      'id_token_expired',
      'id_token_too_old',
      'id_token_nonce_mismatch',
    ]);
  });
});

describe('authentication time', () => {
  test.each([
    [undefined, 'id_token_auth_time_missing'],
    ['1', 'id_token_auth_time_missing'],
    [NOW - 361, 'id_token_authentication_too_old'],
    [NOW + 61, 'id_token_auth_time_in_future'],
    [NOW - 360, undefined],
    [NOW, undefined],
  ])('auth_time %j with a max_age of 300 s', (auth_time, code) => {
    expect(codes({ auth_time }, { maxAge: 300 })).toEqual(code === undefined ? [] : [code]);
  });
});

describe('clock skew', () => {
  test.each([
    [undefined, 60],
    [0, 60],
    [1, 1],
    [120, 120],
    [180, 180],
    [181, 180],
    [100_000, 180],
    [-5, 60],
    [Number.NaN, 60],
  ])('a setting of %j allows %i s', (setting, skew) => {
    expect(effectiveClockSkew(setting)).toBe(skew);
    const expected = { maxClockSkewSeconds: setting };
    expect(codes({ exp: NOW - skew + 1 }, expected)).toEqual([]);
    expect(codes({ exp: NOW - skew }, expected)).toEqual(['id_token_expired']);
    expect(codes({ iat: NOW + skew }, expected)).toEqual([]);
    expect(codes({ iat: NOW + skew + 1 }, expected)).toEqual(['id_token_issued_in_future']);
    expect(codes({ nbf: NOW + skew }, expected)).toEqual([]);
    expect(codes({ nbf: NOW + skew + 1 }, expected)).toEqual(['id_token_not_yet_valid']);
    expect(codes({ iat: NOW - 600 - skew }, expected)).toEqual([]);
    expect(codes({ iat: NOW - 601 - skew }, expected)).toEqual(['id_token_too_old']);
  });

  test('the measured difference is told in seconds', () => {
    const off = (claims: object) => {
      const result = checkIdTokenClaims({ ...CLAIMS, ...claims }, EXPECTED);
      return result.ok ? null : result.error.map(({ claim, offBySeconds, found }) => ({ claim, offBySeconds, found }));
    };
    const at = (seconds: number) => new Date(seconds * 1000).toISOString();
    expect(off({ iat: NOW + 240 })).toEqual([{ claim: 'iat', offBySeconds: 240, found: at(NOW + 240) }]);
    expect(off({ exp: NOW - 90 })).toEqual([{ claim: 'exp', offBySeconds: 90, found: at(NOW - 90) }]);
  });
});

describe('hashes of what came along', () => {
  test('the vector of OpenID Connect Core A.4 holds', () => {
    expect(halfHash('jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y', 'RS256')).toBe('77QmUPtjPfzWtF2AnpK9RQ');
    expect(halfHash('Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk', 'RS256')).toBe(
      'LDktKdoQak3Pk0cnXxCltA',
    );
  });

  test('right ones are accepted, with the digest of the algorithm', () => {
    const code = 'a code';
    for (const algorithm of ['RS256', 'ES384', 'PS512']) {
      const at_hash = halfHash(EXPECTED.accessToken!, algorithm);
      expect(codes({ at_hash, c_hash: halfHash(code, algorithm) }, { algorithm, code })).toEqual([]);
    }
  });

  test('a wrong code hash and one of another digest are refused', () => {
    expect(codes({ c_hash: halfHash('another code', 'RS256') }, { code: 'a code' })).toEqual([
      'id_token_code_hash_mismatch',
    ]);
    const at_hash = halfHash(EXPECTED.accessToken!, 'RS512');
    expect(codes({ at_hash })).toEqual(['id_token_access_token_hash_mismatch']);
  });
});

describe('what is reported', () => {
  test('names claim, expected and found, and keeps nonce and hashes to itself', () => {
    const result = checkIdTokenClaims(
      { ...CLAIMS, iss: 'https://evil.example', nonce: 'SECRET', at_hash: 'SECRET' },
      EXPECTED,
    );
    expect(!result.ok && result.error[0]).toEqual({
      code: 'id_token_issuer_mismatch',
      claim: 'iss',
      expected: '"https://api.idmelabs.com/oidc"',
      found: '"https://evil.example"',
    });
    expect(JSON.stringify(result)).not.toContain('SECRET');
    expect(JSON.stringify(result)).not.toContain(EXPECTED.nonce);
  });

  test('any claims are answered, briefly', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(CLAIMS), 'azp', 'nbf', 'at_hash', 'auth_time'), fc.jsonValue()),
        (claims) => {
          const result = checkIdTokenClaims(claims, { ...EXPECTED, maxAge: 60 });
          expect(result.ok).toBe(false);
          if (!result.ok) for (const failure of result.error) expect(failure.found.length).toBeLessThan(2000);
        },
      ),
      { numRuns: 500 },
    );
  });
});
