import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, type Filter, OPERATORS, Parameters, parseFilter, toCondition } from './index.ts';

const parsed = (text: string) => {
  const result = parseFilter(text);
  return result.ok ? result.value : `${result.error.position}: ${result.error.message}`;
};

describe('a filter', () => {
  it('compares', () => {
    expect(parsed('profile.login eq "a\\"b"')).toEqual({
      kind: 'compare',
      attribute: 'profile.login',
      operator: 'eq',
      value: 'a"b',
    });
    expect(parsed('age GE -1.5')).toEqual({ kind: 'compare', attribute: 'age', operator: 'ge', value: -1.5 });
    expect(parsed('a.b pr')).toEqual({ kind: 'compare', attribute: 'a.b', operator: 'pr', value: null });
  });
  it('binds "and" closer than "or"', () => {
    expect(parsed('a pr or b pr and c pr')).toMatchObject({ kind: 'or', terms: [{ attribute: 'a' }, { kind: 'and' }] });
    expect(parsed('(a pr or b pr) and c pr')).toMatchObject({
      kind: 'and',
      terms: [{ kind: 'or' }, { attribute: 'c' }],
    });
  });
  it.each([
    ['', '0: expected the name of an attribute'],
    ['a', `1: expected one of ${OPERATORS.join(', ')}`],
    ['a eq', '4: expected a text in double quotes, a number, true, false or null'],
    ['a eq "x', '5: a text is not closed or holds a wrong escape'],
    ['a eq "x" b', '9: expected "and", "or" or the end'],
    ['(a pr', '5: expected ")"'],
    ['a pr;', '4: unexpected character'],
  ])('%s: says where it stops making sense', (text, expected) => expect(parsed(text)).toBe(expected));

  it('never throws, whatever it is given, and is bounded', () => {
    const tokens = fc.constantFrom('a', 'and', 'or', 'eq', 'pr', '(', ')', '"x"', '1', 'true', ' ', '"', '\\', '.');
    fc.assert(fc.property(fc.array(tokens, { maxLength: 60 }), (parts) => void parseFilter(parts.join(' '))));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseFilter(text)));
    expect(parsed(`${'('.repeat(30)}a pr${')'.repeat(30)}`)).toMatch(/nested deeper/);
    expect(parsed(Array.from({ length: 101 }, () => 'a pr').join(' or '))).toMatch(/more than 100/);
    expect(parsed('x'.repeat(5_000))).toMatch(/longer than/);
  });

  it('survives being written and read again', () => {
    const name = fc.constantFrom('a', 'profile.x', 'urn:x');
    const comparison = fc.record({
      kind: fc.constant('compare' as const),
      attribute: name,
      operator: fc.constantFrom('eq' as const, 'sw' as const, 'lt' as const),
      value: fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean()),
    });
    const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'd' },
        comparison,
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3, depthIdentifier: 'd' }),
        }),
      ),
    }));
    const write = (node: Filter): string => {
      if (node.kind === 'compare') return `${node.attribute} ${node.operator} ${JSON.stringify(node.value)}`;
      if (node.kind === 'not') return `not (${write(node.term)})`;
      return `(${node.terms.map(write).join(` ${node.kind} `)})`;
    };
    fc.assert(
      fc.property(filter, (node) => {
        expect(parsed(write(node))).toEqual(node);
      }),
    );
  });
  it('knows "not" where it is asked for, and nowhere else', () => {
    expect(parsed('not (a pr)')).toBe(`4: expected one of ${OPERATORS.join(', ')}`);
    expect(parseFilter('not (a pr)', { not: true })).toMatchObject({
      value: { kind: 'not', term: { attribute: 'a' } },
    });
  });
});

describe('a condition', () => {
  const columns: Record<string, Column> = {
    name: { sql: 'name', type: 'text', operators: ['eq', 'sw', 'pr'] },
    age: { sql: 'age', type: 'number', operators: ['eq', 'gt'] },
    tags: { sql: 'tags', type: 'set', operators: ['eq', 'pr'] },
    made: { sql: 'made', type: 'time', operators: ['gt'] },
  };
  const condition = (text: string) => {
    const filter = parseFilter(text);
    if (!filter.ok) throw new Error(filter.error.message);
    const parameters = new Parameters('org');
    const made = toCondition(filter.value, (attribute) => columns[attribute] ?? null, parameters);
    return made.ok ? [made.value, parameters.values] : made.error.message;
  };

  it('holds values as parameters only', () => {
    expect(condition(`name eq "x' or 1=1 --" and age gt 3`)).toEqual([
      '(lower(name) = lower($2) and age > $3)',
      ['org', "x' or 1=1 --", 3],
    ]);
    expect(condition('name sw "50%_\\\\"')).toEqual(['lower(name) like lower($2)', ['org', '50\\%\\_\\\\%']]);
    expect(condition('tags eq "A" or tags pr')).toEqual([
      '(exists (select 1 from jsonb_array_elements_text(tags) as item where lower(item) = lower($2)) or jsonb_array_length(tags) > 0)',
      ['org', 'A'],
    ]);
  });
  it.each([
    ['other eq "x"', 'the attribute "other" cannot be searched'],
    ['name gt "x"', 'the operator "gt" cannot be used with "name"'],
    ['name eq null', '"name" cannot be compared with null: use "pr"'],
    ['name eq 1', 'the value of "name" does not fit'],
    ['age eq "1"', 'the value of "age" does not fit'],
    ['made gt 2024', 'the value of "made" is no ISO 8601 time such as 2026-01-31T08:00:00Z'],
  ])('refuses %s', (text, message) => expect(condition(text)).toBe(message));

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T08:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00.123456Z', '2026-01-31T08:00:00.123Z'],
    ['2026-01-31T08:00:00+02:00', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31T08:00:00+0200', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31T08:00:00', '2026-01-31T08:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('takes the time %s', (text, time) =>
    expect(condition(`made gt "${text}"`)).toEqual(['made > $2', ['org', new Date(time)]]),
  );
  it.each([
    ...[
      '-200000-01-01T00:00:00.000Z',
      '+200000-01-01T00:00:00.000Z',
      '0000-12-31',
      '0001-01-01T00:00+01:00',
      '9999-12-31T23:59-01:00',
    ],
    ...[
      '2026-02-29',
      '2026-02-31T00:00:00.000Z',
      '2026-13-01',
      '2026-01-31T24:01Z',
      '2026-01-31T08:61Z',
      '2026-01-31T08:00:00+99:99',
    ],
    ...['foo 2024', '2024', 'Jan 31 2026', '2026-1-31', '2026-01-31 08:00:00Z', 'yesterday', ''],
  ])('takes %s for no time', (text) => expect(condition(`made gt "${text}"`)).toMatch(/is no ISO 8601 time/));
});
