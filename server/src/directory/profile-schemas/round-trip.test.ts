/** What a client reads back of any definition that it may post, and that checking a profile never fails. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDirectory, type TestDirectory } from '../../../test/support/directory.ts';
import type { Json } from '../../shared/json.ts';
import { compileSchema, validateProfile } from './index.ts';

let directory: TestDirectory;
let call: TestDirectory['call'];
const USER = '/meta/schemas/user/default';

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

type Sent = Record<string, unknown> & { type: string };

const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => text.isWellFormed() && !text.includes('\0'));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const bounds = maybe(fc.tuple(fc.nat(50), fc.nat(50)));
const scalars: Record<string, fc.Arbitrary<Json>> = {
  string: words,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  integer: fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value)),
};

/** `enum`, and titles for every value of it, or nothing. */
const choices = (type: string) =>
  fc
    .tuple(maybe(fc.uniqueArray(scalars[type]!, { minLength: 1, maxLength: 5 })), fc.boolean(), words)
    .map(([values, titled, title]) => ({
      ...(values === undefined ? {} : { enum: values }),
      ...(values === undefined || !titled ? {} : { oneOf: values.map((value) => ({ const: value, title })) }),
    }));

const shared = fc.record(
  {
    title: words,
    description: words,
    required: fc.boolean(),
    mutability: fc.constantFrom('READ_WRITE', 'READ_ONLY', 'WRITE_ONLY', 'IMMUTABLE'),
    scope: fc.constantFrom('NONE', 'SELF'),
    permissions: fc.constantFrom('HIDE', 'READ_ONLY', 'READ_WRITE').map((action) => [{ principal: 'SELF', action }]),
    master: fc.oneof(
      fc.constantFrom({ type: 'PROFILE_MASTER' }, { type: 'OKTA' }),
      fc.uniqueArray(fc.constantFrom('0oaOne', '0oaTwo'), { minLength: 1 }).map((ids) => ({
        type: 'OVERRIDE',
        priority: [...ids.map((value) => ({ type: 'APP', value })), { type: 'OKTA' }],
      })),
    ),
    externalName: words,
    externalNamespace: words,
    union: fc.constantFrom('ENABLE', 'DISABLE'),
  },
  { requiredKeys: [] },
);

const ofText = fc
  .tuple(
    bounds,
    maybe(fc.constantFrom('email', 'uri', 'date', 'locale')),
    maybe(fc.constantFrom('a+', '[0-9]{2,4}', '.*')),
    choices('string'),
  )
  .map(([between, format, pattern, chosen]) => ({
    type: 'string',
    ...chosen,
    ...(between === undefined ? {} : { minLength: Math.min(...between), maxLength: Math.max(...between) }),
    ...(format === undefined ? {} : { format }),
    ...(pattern === undefined ? {} : { pattern }),
  }));
const ofNumber = fc
  .constantFrom('number', 'integer')
  .chain((type) => choices(type).map((chosen) => ({ type, ...chosen })));
const ofList = fc
  .constantFrom('string', 'number', 'integer')
  .chain((type) => choices(type).map((chosen) => ({ type: 'array', items: { type, ...chosen } })));
const ofOther = fc.constant({ type: 'boolean' });

const definitions: fc.Arbitrary<Sent> = fc
  .tuple(fc.oneof(ofText, ofNumber, ofList, ofOther), shared, fc.boolean())
  .map(([typed, common, unique]) => {
    const may = typed.type !== 'array' && typed.type !== 'boolean' && unique;
    return { ...common, ...typed, ...(may ? { unique: 'UNIQUE_VALIDATED' } : {}) };
  });
const names = fc.stringMatching(/^[a-zA-Z]\w{0,12}$/).map((name) => `p_${name}`);
const schemas = fc.dictionary(names, definitions, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

/** What a client's model of the contract expects to read of what it posted. */
function expected(name: string, sent: Sent): Record<string, unknown> {
  const { required, ...rest } = sent;
  return {
    title: name,
    mutability: 'READ_WRITE',
    scope: 'NONE',
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: { type: 'PROFILE_MASTER' },
    ...rest,
    ...(required === true ? { required } : {}),
  };
}

describe('a schema', () => {
  it('reads back as it was posted with the defaults filled in, and without it after null', {
    timeout: 60_000,
  }, async () => {
    const before = (await call('GET', USER)).body.definitions.custom;
    await fc.assert(
      fc.asyncProperty(schemas, async (properties) => {
        const post = (changes: unknown) => call('POST', USER, { definitions: { custom: { properties: changes } } });
        // A run that failed leaves its attributes to the next, smaller one.
        const left = Object.keys((await call('GET', USER)).body.definitions.custom.properties);
        if (left.length > 0) await post(Object.fromEntries(left.map((name) => [name, null])));
        const posted = await post(properties);
        expect(posted.body.errorCauses).toBeUndefined();
        const read = await call('GET', USER);
        expect(read.body).toEqual(posted.body);
        const wanted = Object.fromEntries(
          Object.entries(properties).map(([name, sent]) => [name, expected(name, sent)]),
        );
        expect(read.body.definitions.custom.properties).toEqual(wanted);
        const required = Object.keys(wanted).filter((name) => wanted[name]!.required);
        expect(new Set(read.body.definitions.custom.required)).toEqual(new Set(required));
        expect((await post(read.body.definitions.custom.properties)).body.definitions).toEqual(read.body.definitions);
        const removed = await post(Object.fromEntries(Object.keys(properties).map((name) => [name, null])));
        expect(removed.body.definitions.custom).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('checking a profile', () => {
  const anything = fc.dictionary(
    fc.oneof(names, fc.constantFrom('login', 'email', '__proto__', 'constructor', 'toString')),
    fc.jsonValue() as fc.Arbitrary<Json>,
    { noNullPrototype: true },
  );

  it('never throws, and answers in sentences that begin with the attribute', () => {
    fc.assert(
      fc.property(schemas, anything, (custom, profile) => {
        const row = { id: 'osc', ownerKind: 'user_type', ownerId: 'oty', name: 'user', custom, base: {} } as never;
        const violations = validateProfile(compileSchema(row), profile);
        for (const { attribute, rule, message } of violations) {
          if (rule === 'unknown') expect(message).toMatch(/^Property name '/);
          else expect(message.startsWith(`${attribute}: `)).toBe(true);
        }
        expect(violations.map(({ attribute }) => attribute)).toEqual(
          expect.arrayContaining(['login', 'firstName', 'lastName'].filter((name) => !Object.hasOwn(profile, name))),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts what it asks for: a value made to fit its definition', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const row = {
          id: 'osc',
          ownerKind: 'app',
          ownerId: '0oa',
          name: 'x',
          custom: { p: definition },
          base: {},
        } as never;
        const chosen = definition.enum ?? (definition.items as { enum?: Json[] } | undefined)?.enum;
        if (!Array.isArray(chosen) || definition.type === 'string') return;
        const value = definition.type === 'array' ? chosen : chosen[0];
        expect(validateProfile(compileSchema(row), { userName: 'u', p: value as Json })).toEqual([]);
      }),
    );
  });
});
