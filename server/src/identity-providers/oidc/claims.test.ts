import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../shared/json.ts';
import { assuranceOf, emailVerified, groupsOf, keepClaims, mergeClaims } from './claims.ts';

describe('claims that are kept', () => {
  it('have safe names, bounded values and a bounded number, whatever the provider sends', () => {
    const names = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.constantFrom('__proto__', 'constructor', 'prototype', 'a.b:c/d-e_f'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.jsonValue()), { maxLength: 300 }), (pairs) => {
        const { claims } = keepClaims(Object.fromEntries(pairs));
        expect(Object.keys(claims).length).toBeLessThanOrEqual(200);
        for (const [name, value] of Object.entries(claims)) {
          expect(name).toMatch(/^[A-Za-z0-9_.:/-]{1,128}$/);
          expect(['__proto__', 'constructor', 'prototype']).not.toContain(name);
          expect(value).not.toBeNull();
        }
      }),
    );
  });

  it('are 200 at most and 8 KB each', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`claim${i}`, i]));
    expect(Object.keys(keepClaims(many).claims)).toHaveLength(200);
    expect(keepClaims({ long: 'x'.repeat(8193), fits: 'x'.repeat(8192), list: Array(5000).fill(1) })).toMatchObject({
      claims: { fits: 'x'.repeat(8192) },
      dropped: [
        { name: 'long', why: 'value too long' },
        { name: 'list', why: 'value too long' },
      ],
    });
  });

  it('are not nested without end', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    const level = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(keepClaims({ deep, edge: level(33), fits: level(32) })).toEqual({
      claims: { fits: level(32) },
      dropped: [
        { name: 'deep', why: 'nested too deeply' },
        { name: 'edge', why: 'nested too deeply' },
      ],
    });
  });

  it('are texts that a database can store, inside and out', () => {
    const unfit = { nul: 'a\0b', half: '\ud800', inside: { list: ['\udc00'] }, name: { 'a\0b': 1 } };
    expect(keepClaims({ ...unfit, whole: '\ud83d\ude00' })).toEqual({
      claims: { whole: '\ud83d\ude00' },
      dropped: Object.keys(unfit).map((name) => ({ name, why: 'characters' })),
    });
    expect(keepClaims({ inside: JSON.parse('{"__proto__":1}') }).dropped).toEqual([{ name: 'inside', why: 'name' }]);
  });

  it('come first from the ID token, and a null of it is no value', () => {
    const merged = mergeClaims(
      { sub: 's', email: null, phone: '1' },
      { sub: 'x', email: 'a@example.com', phone: '2', city: 'Gent', iss: 'y' },
    );
    expect(merged).toEqual({ sub: 's', email: 'a@example.com', phone: '1', city: 'Gent' });
  });
});

describe('email_verified', () => {
  it.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    ['TRUE', false],
    ['yes', false],
    [1, false],
    [['true'], false],
    [{}, false],
    [undefined, null],
  ])('%j counts as %j', (said, counts) => {
    expect(emailVerified(said === undefined ? {} : { email_verified: said as Json })).toBe(counts);
  });

  it('belongs to the address that it came with', () => {
    const verified = (idToken: object, userInfo: object) =>
      mergeClaims(idToken as Record<string, unknown>, userInfo as Record<string, unknown>).email_verified;
    expect(verified({ email: 'a' }, { email: 'b', email_verified: true })).toBeUndefined();
    expect(verified({ email: 'a' }, { email: 'a', email_verified: true })).toBe(true);
    expect(verified({ email: 'a', email_verified: false }, { email: 'a', email_verified: true })).toBe(false);
    expect(verified({ email_verified: true }, { email: 'b' })).toBeUndefined();
    expect(verified({}, { email: 'b', email_verified: false })).toBe(false);
  });
});

describe('groups and assurance', () => {
  it('are read where they have the right type', () => {
    expect(groupsOf({ Groups: ['a', 'b'] }, 'groups')).toEqual(['a', 'b']);
    expect(groupsOf({ groups: 'a' }, 'Groups')).toEqual(['a']);
    expect(groupsOf({ groups: ['a', 1] }, 'groups')).toBeUndefined();
    expect(groupsOf({}, 'groups')).toBeUndefined();
    expect(groupsOf({ groups: Array(3000).fill('a') }, 'groups')).toHaveLength(2000);
    expect(assuranceOf({ acr: 'x', amr: ['pwd'], auth_time: 7 })).toEqual({ acr: 'x', amr: ['pwd'], authTime: 7 });
    expect(assuranceOf({ acr: 1, amr: 'pwd', auth_time: 'now' })).toBeUndefined();
  });
});
