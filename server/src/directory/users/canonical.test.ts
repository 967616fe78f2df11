import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail, canonicalLogin } from './index.ts';

const keyOf = (login: string) => {
  const key = canonicalLogin(login);
  return key.ok ? key.value : key.error;
};

describe('the canonical form of a login', () => {
  it('ignores case', () => expect(keyOf('Ada.Lovelace@Example.COM')).toBe('ada.lovelace@example.com'));
  it('is the same for composed and decomposed letters', () =>
    expect(keyOf('jose\u0301@example.com')).toBe(keyOf('jos\u00e9@example.com')));
  it('takes the Kelvin sign for the letter K, so that both cannot exist', () =>
    expect(keyOf('\u212Aelvin@example.com')).toBe('kelvin@example.com'));

  it.each([
    ['a full-width at sign', 'ada\uFF20example.com'],
    ['full-width letters', '\uFF41da@example.com'],
    ['a dotless i', '\u0131da@example.com'],
    ['a capital I with a dot', '\u0130da@example.com'],
    ['a long s', '\u017Fam@example.com'],
    ['a ligature', '\uFB01ne@example.com'],
    ['a Cyrillic letter among Latin ones', '\u0430da@example.com'],
    ['a zero width joiner', 'a\u200Dda@example.com'],
    ['a direction mark', '\u202Eada@example.com'],
    ['a combining mark that composes with nothing', 'x\u0335@example.com'],
    ['a control character', 'ada\u0000@example.com'],
    ['a quote', '"ada"@example.com'],
  ])('refuses %s', (_what, login) => expect(keyOf(login)).toBe('characters'));

  it('accepts addresses of one script per label', () => {
    expect(keyOf('пётр@пример.com')).toBe('пётр@пример.com');
    expect(keyOf('Ζωή@example.com')).toBe('ζωή@example.com');
    expect(keyOf('用户@example.com')).toBe('用户@example.com');
  });
  it('names whitespace, emptiness and length', () => {
    expect(keyOf('ada @example.com')).toBe('whitespace');
    expect(keyOf('')).toBe('empty');
    expect(keyOf('a'.repeat(321))).toBe('too_long');
  });

  it('is stable: the form of a form is itself, whatever the case it came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const key = canonicalLogin(text);
        if (!key.ok) return;
        expect(canonicalLogin(key.value)).toEqual(key);
        expect(canonicalLogin(key.value.toUpperCase())).toEqual(key);
        expect(key.value).toBe(key.value.normalize('NFKC'));
        expect(key.value.toLowerCase()).toBe(key.value);
      }),
      { numRuns: 2_000 },
    );
  });
  it('never has an at sign that the login did not have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const key = canonicalLogin(text);
        if (key.ok) expect(key.value.split('@').length).toBe(text.split('@').length);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the canonical form of an e-mail address', () => {
  it.each(['ada', 'ada@', '@example.com', 'a@b@example.com', 'ada@example..com', 'ada@.com'])('refuses %s', (email) =>
    expect(canonicalEmail(email)).toEqual({ ok: false, error: 'not_an_address' }),
  );
  it.each(['ada@example.com', 'ada+tag@sub.example.com', 'root@localhost'])('accepts %s', (email) =>
    expect(canonicalEmail(email)).toEqual({ ok: true, value: email }),
  );
});
