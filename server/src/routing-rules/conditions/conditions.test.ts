import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleBody } from '../schema.ts';
import { compileIdentifier, compilePlatform, readIdentifier, readPlatform } from './index.ts';

type Conditions = NonNullable<RuleBody['conditions']>;
const bodyWith = (conditions: Conditions): RuleBody => ({
  name: 'Rule',
  conditions,
  actions: { idp: { providers: [{ type: 'OKTA' }] } },
});
const attributes = new Set(['byndidRegistered', 'city']);

function identifier(userIdentifier: Conditions['userIdentifier']) {
  const problems: string[] = [];
  return { read: readIdentifier(bodyWith({ userIdentifier }), attributes, problems), problems };
}
function platform(sent: Conditions['platform']) {
  const problems: string[] = [];
  return { read: readPlatform(bodyWith({ platform: sent }), problems), problems };
}
const fits = (type: 'IDENTIFIER' | 'ATTRIBUTE', matchType: string, value: string) => {
  const { read, problems } = identifier({ type, attribute: 'city', patterns: [{ matchType, value }] });
  expect(problems).toEqual([]);
  return compileIdentifier(read!).fits;
};

describe('who a rule is for', () => {
  it.each([
    [
      'SUFFIX',
      'example.com',
      ['ada@example.com', 'ADA@EXAMPLE.COM'],
      ['ada@notexample.com', 'ada@a.example.com', 'example.com'],
    ],
    ['EQUALS', 'Ada@example.com', ['ada@EXAMPLE.com'], ['ada@example.co']],
    ['STARTS_WITH', 'ada', ['Ada@example.com'], ['cada@example.com']],
    ['CONTAINS', '+work', ['ada+Work@example.com'], ['ada@example.com']],
    [
      'EXPRESSION',
      '.*@(one|two)\\.example',
      ['a@one.example', 'A@TWO.EXAMPLE'],
      ['a@one.example.org', 'xa@three.example'],
    ],
  ])('the user name, %s %s, without case', (matchType, value, yes, no) => {
    const test = fits('IDENTIFIER', matchType, value);
    expect(yes.map(test)).toEqual(yes.map(() => true));
    expect(no.map(test)).toEqual(no.map(() => false));
  });

  it.each([
    ['EQUALS', 'Bern', ['Bern', ['Rom', 'Bern']], ['bern', 'Bern ', [], null, undefined]],
    ['EQUALS', 'true', [true, 'true'], ['True', false]],
    ['EQUALS', '5', [5, '5'], [50]],
    ['SUFFIX', 'ERN', ['Bern'], ['Rome']],
    ['EXPRESSION', 'B.+', ['Bern'], ['bern', 'a Bern']],
  ] as [string, string, never[], never[]][])(
    'an attribute, %s %s, as text and with case',
    (matchType, value, yes, no) => {
      const test = fits('ATTRIBUTE', matchType, value);
      expect(yes.map(test)).toEqual(yes.map(() => true));
      expect(no.map(test)).toEqual(no.map(() => false));
    },
  );

  it('several patterns are alternatives', () => {
    const { read } = identifier({
      type: 'IDENTIFIER',
      patterns: [
        { matchType: 'SUFFIX', value: 'a.example' },
        { matchType: 'SUFFIX', value: 'b.example' },
      ],
    });
    const { fits: test } = compileIdentifier(read!);
    expect(['x@a.example', 'x@b.example', 'x@c.example'].map(test)).toEqual([true, true, false]);
  });

  it('is everybody where no pattern is sent', () => {
    expect([
      identifier(null),
      identifier({ patterns: [] }),
      identifier({ type: 'IDENTIFIER', patterns: null }),
    ]).toEqual(Array(3).fill({ read: null, problems: [] }));
  });

  it.each([
    [
      { type: 'ATTRIBUTE', attribute: 'shoe', patterns: [{ matchType: 'EQUALS', value: '1' }] },
      'people have no attribute "shoe"',
    ],
    [{ type: 'ATTRIBUTE', attribute: 'city', patterns: [] }, 'has no pattern to be compared with'],
    [{ type: 'GUESS', patterns: [{ matchType: 'EQUALS', value: '1' }] }, 'type "GUESS" is not known'],
    [{ patterns: [{ matchType: 'LIKE', value: '1' }] }, 'matchType "LIKE" is not known'],
    [{ patterns: [{ matchType: 'SUFFIX', value: '@example.com' }] }, 'SUFFIX takes a domain without "@"'],
    [{ patterns: [{ matchType: 'EXPRESSION', value: '(' }] }, 'is not a regular expression'],
    [{ patterns: [{ matchType: 'EQUALS', value: '' }] }, 'EQUALS needs a value'],
    [
      {
        patterns: [
          { matchType: 'EXPRESSION', value: 'a' },
          { matchType: 'EQUALS', value: 'b' },
        ],
      },
      'takes exactly one pattern',
    ],
    [
      {
        type: 'ATTRIBUTE',
        attribute: 'city',
        patterns: [
          { matchType: 'EQUALS', value: 'a' },
          { matchType: 'EQUALS', value: 'b' },
        ],
      },
      'an attribute takes exactly one pattern',
    ],
  ])('%j is refused', (sent, why) => {
    expect(identifier(sent).problems.join('; ')).toContain(why);
  });

  it('reading never throws, and what it accepts can be compiled and asked', () => {
    const patterns = fc.array(
      fc.record({
        matchType: fc.constantFrom('SUFFIX', 'EQUALS', 'STARTS_WITH', 'CONTAINS', 'EXPRESSION'),
        value: fc.string(),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.constantFrom('IDENTIFIER', 'ATTRIBUTE'), patterns, fc.string(), (type, some, login) => {
        const { read, problems } = identifier({ type, attribute: 'city', patterns: some });
        if (problems.length > 0 || read === null) return;
        expect(typeof compileIdentifier(read).fits(login)).toBe('boolean');
      }),
    );
  });
});

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1';
const LAPTOP = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/130.0 Safari/537.36';
const CURL = 'curl/8.5.0';

describe('which devices a rule is for', () => {
  const meant = (sent: Conditions['platform']) => {
    const { read, problems } = platform(sent);
    expect(problems).toEqual([]);
    const compiled = read === null ? null : compilePlatform(read);
    return [PHONE, LAPTOP, CURL].map((userAgent) => (compiled?.objection(userAgent) ?? null) === null);
  };
  it.each([
    [null, [true, true, true]],
    [{ include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] }, [true, true, true]],
    [{ include: [{ type: 'MOBILE' }] }, [true, false, false]],
    [{ include: [{ type: 'DESKTOP', os: { type: 'OSX' } }] }, [false, true, false]],
    [{ include: [{ type: 'MOBILE', os: { type: 'ANDROID' } }, { os: { type: 'OSX' } }] }, [false, true, false]],
    [{ include: [{ type: 'OTHER', os: { type: 'OTHER', expression: '^curl/' } }] }, [false, false, true]],
    [{ exclude: [{ type: 'MOBILE' }] }, [false, true, true]],
  ])('%j', (sent, expected) => {
    expect(meant(sent)).toEqual(expected);
  });

  it.each([
    [{ include: [{ type: 'WATCH' }] }, 'type "WATCH" is not known'],
    [{ include: [{ os: { type: 'BEOS' } }] }, 'os "BEOS" is not known'],
    [{ exclude: [{ os: { type: 'OTHER', expression: '[' } }] }, 'os.expression is not a regular expression'],
  ])('%j is refused', (sent, why) => {
    expect(platform(sent).problems.join('; ')).toContain(why);
  });
});
