import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../shared/json.ts';
import { coerce, compileSchema, type Definition, validateProfile } from './index.ts';

const schemaOf = (custom: Record<string, Definition>) =>
  compileSchema({
    id: 'oscTest',
    ownerKind: 'user_type',
    ownerId: 'otyTest',
    name: 'user',
    version: 1,
    custom,
    base: {},
  });
const attributeOf = (definition: Definition) => schemaOf({ x: definition }).attributes.get('x')!;
const profile = (more: Record<string, Json> = {}) => ({
  login: 'ada@example.com',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'L',
  ...more,
});

describe('validation of a profile', () => {
  it('finds nothing wrong with a good one', () => expect(validateProfile(schemaOf({}), profile())).toEqual([]));

  it.each<[string, Definition, Json, string | null]>([
    ['a missing required value', { type: 'boolean', required: true }, null, 'required'],
    ['a required false', { type: 'boolean', required: true }, false, null],
    ['a required list without elements', { type: 'array', required: true }, [], 'required'],
    ['a list without elements', { type: 'array' }, [], null],
    ['a text that is too long', { type: 'string', maxLength: 3 }, 'abcd', 'too_long'],
    ['characters, not bytes', { type: 'string', maxLength: 3 }, '\u{1F600}\u{1F600}\u{1F600}', null],
    ['a text that is too short', { type: 'string', minLength: 3 }, 'ab', 'too_short'],
    ['a part of a pattern', { type: 'string', pattern: '[a-c]+' }, 'abcd', 'pattern'],
    ['a whole pattern', { type: 'string', pattern: '[a-c]+' }, 'abca', null],
    ['a value outside the enum', { type: 'integer', enum: [1, 2] }, 3, 'enum'],
    ['an element outside the enum', { type: 'array', items: { type: 'string', enum: ['a'] } }, ['a', 'b'], 'enum'],
    ['elements inside the enum', { type: 'array', items: { type: 'string', enum: ['a'] } }, ['a', 'a'], null],
    ['a fraction for an integer', { type: 'integer' }, 1.5, 'type'],
    ['a text for a boolean', { type: 'boolean' }, 'true', 'type'],
    ['a scalar for an array', { type: 'array' }, 'a', 'type'],
    ['an address without at sign', { type: 'string', format: 'email' }, 'ada', 'format'],
    ['a relative address', { type: 'string', format: 'uri' }, '/x', 'format'],
    ['a day that does not exist', { type: 'string', format: 'date' }, '2026-13-01', 'format'],
    ['a day', { type: 'string', format: 'date' }, '2026-12-01', null],
    ['a day that a month does not have', { type: 'string', format: 'date' }, '2026-02-30', 'format'],
    ['a time of no such day', { type: 'string', format: 'date-time' }, '2026-02-30T00:00:00Z', 'format'],
    ['an hour that a day does not have', { type: 'string', format: 'date-time' }, '2026-01-01T24:00:00Z', 'format'],
    ['a time', { type: 'string', format: 'date-time' }, '2026-01-01t23:59:59.5+01:00', null],
    ['a time zone that is none', { type: 'string', format: 'timezone' }, 'Nope/Nope', 'format'],
    ['a time zone', { type: 'string', format: 'timezone' }, 'Europe/Brussels', null],
    ['a NUL character', { type: 'string' }, 'a\u0000b', 'pattern'],
    ['an empty text where none is required', { type: 'string', format: 'email' }, '', null],
  ])('%s', (_what, definition, value, rule) => {
    const violations = validateProfile(schemaOf({ x: definition }), profile({ x: value }));
    expect(violations.map((violation) => [violation.attribute, violation.rule])).toEqual(
      rule === null ? [] : [['x', rule]],
    );
  });

  it('names all that is wrong, unknown names last', () => {
    const violations = validateProfile(schemaOf({}), {
      unknown: 1,
      login: 'ada@example.com',
      email: 'ada-at-home',
      firstName: '',
    });
    expect(violations.map((violation) => `${violation.attribute} ${violation.rule}`)).toEqual([
      'firstName required',
      'lastName required',
      'email format',
      'unknown unknown',
    ]);
  });
  it('takes linear time for any text against any pattern', () => {
    const schema = schemaOf({ x: { type: 'string', pattern: '(a+)+b' } });
    const started = process.cpuUsage();
    validateProfile(schema, profile({ x: 'a'.repeat(9_000) }));
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

describe('conversion into the type of an attribute', () => {
  it.each<[Definition, Json, Json | undefined]>([
    [{ type: 'string' }, 'a', 'a'],
    [{ type: 'string' }, 12, '12'],
    [{ type: 'string' }, true, 'true'],
    [{ type: 'string' }, ['a', 'b', 3], 'a,b,3'],
    [{ type: 'string' }, [], ''],
    [{ type: 'string' }, { a: 1 }, undefined],
    [{ type: 'string' }, [{ a: 1 }], undefined],
    [{ type: 'boolean' }, 'TRUE', true],
    [{ type: 'boolean' }, '0', false],
    [{ type: 'boolean' }, 1, true],
    [{ type: 'boolean' }, 'yes', undefined],
    [{ type: 'boolean' }, ['true'], true],
    [{ type: 'boolean' }, ['true', 'false'], undefined],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'number' }, ' 7 ', 7],
    [{ type: 'number' }, '0x10', undefined],
    [{ type: 'number' }, '', undefined],
    [{ type: 'number' }, true, 1],
    [{ type: 'integer' }, '7', 7],
    [{ type: 'integer' }, '7.0', 7],
    [{ type: 'integer' }, '7.5', undefined],
    [{ type: 'integer' }, 2 ** 53, undefined],
    [{ type: 'array', items: { type: 'string' } }, 'a', ['a']],
    [{ type: 'array', items: { type: 'string' } }, ['a', 2], ['a', '2']],
    [{ type: 'array', items: { type: 'integer' } }, ['1', 2], [1, 2]],
    [{ type: 'array', items: { type: 'integer' } }, ['x'], undefined],
    [{ type: 'array' }, [['a']], undefined],
    [{ type: 'integer' }, null, null],
  ])('%j: %j becomes %j', (definition, value, expected) => {
    const result = coerce(attributeOf(definition), value);
    expect(result.ok ? result.value : undefined).toEqual(expected);
    if (!result.ok) expect(result.error.rule).toBe('type');
  });

  it('always yields a value that has the type, and leaves such values alone', () => {
    const definitions = fc.constantFrom<Definition>(
      { type: 'string' },
      { type: 'boolean' },
      { type: 'number' },
      { type: 'integer' },
      { type: 'array', items: { type: 'string' } },
      { type: 'array', items: { type: 'integer' } },
    );
    fc.assert(
      fc.property(definitions, fc.jsonValue({ maxDepth: 2 }), (definition, value) => {
        const attribute = attributeOf(definition);
        const first = coerce(attribute, value as Json);
        if (!first.ok) return;
        const wrong = validateProfile(schemaOf({ x: definition }), profile({ x: first.value })).filter(
          (violation) => violation.rule === 'type',
        );
        expect(wrong).toEqual([]);
        expect(coerce(attribute, first.value)).toEqual(first);
      }),
      { numRuns: 2_000 },
    );
  });
  it('says what could not become what', () => {
    expect(coerce(attributeOf({ type: 'boolean' }), 'perhaps')).toEqual({
      ok: false,
      error: { attribute: 'x', rule: 'type', message: 'x: a value of type string cannot become boolean' },
    });
  });
});
