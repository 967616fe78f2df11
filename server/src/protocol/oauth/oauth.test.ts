import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  challengeOf,
  isProtocolClaim,
  parametersOf,
  readCredentials,
  responseTypeOf,
  responseUrl,
  scopeClaims,
} from './index.ts';

describe('an answer in a URL', () => {
  test('comes back as it was sent, whatever the values are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.string()),
        fc.constantFrom('query', 'fragment'),
        (parameters, mode) => {
          const url = responseUrl('https://app.example.com/cb?tenant=1', mode as 'query' | 'fragment', {
            ...parameters,
            last: 'x',
          });
          const read = new URLSearchParams(
            mode === 'query' ? url.slice(url.indexOf('&') + 1) : url.slice(url.indexOf('#') + 1),
          );
          expect(Object.fromEntries(read)).toEqual({ ...parameters, last: 'x' });
          expect(url.startsWith('https://app.example.com/cb?tenant=1')).toBe(true);
          expect(url).toMatch(/^[\x21-\x7e]*$/);
        },
      ),
    );
  });
});

describe('response types', () => {
  test.each([
    ['code', 'code'],
    ['id_token code', 'code id_token'],
    ['token', null],
    ['code code', null],
    ['', null],
    [undefined, null],
    ['Code', null],
  ])('%j is %j', (text, type) => expect(responseTypeOf(text)).toBe(type));
});

describe('client credentials', () => {
  const read = (header: string | undefined, form: Record<string, string> = {}) =>
    readCredentials(header, parametersOf(new URLSearchParams(form)));
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test('are never misread, and reading them never fails otherwise than by an error', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (id, secret) => {
        const sent = read(basic(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`));
        expect(
          sent.ok && sent.value.kind === 'secret' && sent.value.clientId === id && sent.value.secrets.includes(secret),
        ).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.string(), (header) => void read(header)));
  });

  test.each([
    ['basic and post', basic('a:b'), { client_id: 'a', client_secret: 'b' }],
    ['basic and an assertion', basic('a:b'), { client_assertion: 'x', client_assertion_type: 'y' }],
    ['a secret and an assertion', undefined, { client_id: 'a', client_secret: 'b', client_assertion: 'x' }],
    ['two client ids', basic('a:b'), { client_id: 'c' }],
  ])('%s are too many', (_name, header, form) => {
    const sent = read(header, form as Record<string, string>);
    expect(sent.ok ? null : sent.error.error).toBe('invalid_request');
  });
});

describe('claims of scopes', () => {
  const subject = {
    login: 'ada',
    profile: { firstName: 'Ada', email: '', nickName: null },
    emailVerified: true,
    lastUpdated: new Date(5000),
  };

  test('have no empty values, and email_verified only with an address', () => {
    expect(scopeClaims(subject, ['profile', 'email', 'address', 'phone'], 'all')).toEqual({
      name: 'Ada',
      given_name: 'Ada',
      updated_at: 5,
      preferred_username: 'ada',
    });
    expect(scopeClaims(subject, ['profile'], 'short')).toEqual({ name: 'Ada', preferred_username: 'ada' });
    expect(scopeClaims(subject, ['openid'], 'all')).toEqual({});
  });

  test.each(['sub', 'aud', 'iss', 'exp', 'nonce', '__proto__'])('%s is the protocol’s', (name) =>
    expect(isProtocolClaim(name)).toBe(true),
  );
});

test('the challenge of RFC 7636, appendix B', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
  expect(challengeOf('short')).toBeNull();
  expect(challengeOf(`${'a'.repeat(43)}!`)).toBeNull();
});
