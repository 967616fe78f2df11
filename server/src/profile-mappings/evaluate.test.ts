import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../shared/json.ts';
import { compileMapping } from './compile.ts';
import { defaultProperties } from './defaults.ts';
import { isProtectedTarget } from './protected.ts';
import { sourceProfile } from './source-profile.ts';

const mapping = (properties: Record<string, string>, pushStatus: 'PUSH' | 'DONT_PUSH' = 'PUSH') =>
  compileMapping(
    Object.fromEntries(Object.entries(properties).map(([target, expression]) => [target, { expression, pushStatus }])),
  );
const source = (appuser: Record<string, Json>, more: { userName?: string; user?: Record<string, Json> } = {}) => ({
  appuser,
  userName: more.userName ?? null,
  user: more.user ?? null,
  now: new Date('2026-11-20T10:00:00Z'),
});
const values = (properties: Record<string, string>, appuser: Record<string, Json>) =>
  mapping(properties).evaluate(source(appuser), 'create').values;

describe('what a mapping writes', () => {
  it.each<[string, Record<string, string>, Record<string, Json>, Record<string, Json>]>([
    ['a claim', { city: 'appuser.city' }, { city: 'Paris' }, { city: 'Paris' }],
    ['the same by the name of the source', { city: 'source.city' }, { city: 'Paris' }, { city: 'Paris' }],
    ['nothing for an absent claim', { city: 'appuser.city' }, {}, {}],
    ['nothing for a null claim', { city: 'appuser.city' }, { city: null }, {}],
    ['the empty text, which clears', { city: 'appuser.city' }, { city: '' }, { city: '' }],
    ['an expression', { displayName: 'appuser.a + " " + appuser.b' }, { a: 'Ada', b: 'L' }, { displayName: 'Ada L' }],
    ['no text that a null crept into', { displayName: 'appuser.a + " " + appuser.b' }, { a: 'Ada' }, {}],
    ['a person whose name is Null', { lastName: 'appuser.b' }, { b: 'Null' }, { lastName: 'Null' }],
    ['a default for an absent claim', { timezone: 'appuser.z == null ? "UTC" : appuser.z' }, {}, { timezone: 'UTC' }],
    ['a list', { tags: 'appuser.tags' }, { tags: ['a', 'b'] }, { tags: ['a', 'b'] }],
  ])('%s', (_name, properties, appuser, expected) => {
    expect(values(properties, appuser)).toEqual(expected);
  });

  it('knows the transformed user name and the present profile', () => {
    const compiled = mapping({
      login: 'source.userName',
      nickName: 'user.nickName == null ? appuser.n : user.nickName',
    });
    const result = compiled.evaluate(
      source({ n: 'new', userName: 'forged' }, { userName: 'ada@example.com', user: { nickName: 'old' } }),
      'update',
    );
    expect(result.values).toEqual({ login: 'ada@example.com', nickName: 'old' });
  });

  it('writes at an update only what pushes', () => {
    const compiled = compileMapping({
      city: { expression: 'appuser.city', pushStatus: 'DONT_PUSH' },
      state: { expression: 'appuser.state', pushStatus: 'PUSH' },
    });
    const from = source({ city: 'Paris', state: 'IDF' });
    expect(compiled.evaluate(from, 'create').values).toEqual({ city: 'Paris', state: 'IDF' });
    expect(compiled.evaluate(from, 'update').values).toEqual({ state: 'IDF' });
  });

  it('tells what went wrong and goes on with the rest', () => {
    const result = mapping({ a: 'appuser.x + "!"', b: '1 / 0', city: 'appuser.city' }).evaluate(
      source({ city: 'Paris' }),
      'create',
    );
    expect(result.values).toEqual({ city: 'Paris' });
    expect(result.problems).toEqual([
      { target: 'a', code: 'null_in_text', message: expect.stringContaining('x is missing') },
      { target: 'b', code: 'division_by_zero', message: expect.any(String) },
    ]);
  });

  it('never writes what decides who somebody is (L5), while the benign neighbour is written', () => {
    const claims = { admin: 'x', roles: ['SUPER_ADMIN'], status: 'ACTIVE', id: '00u1', title: 'Doctor' };
    const result = mapping({
      roles: 'appuser.roles',
      status: 'appuser.status',
      id: 'appuser.id',
      ID: 'appuser.id',
      title: 'appuser.title',
    }).evaluate(source(claims), 'create');
    expect(result.values).toEqual({ title: 'Doctor' });
    expect(result.problems.map(({ code }) => code)).toEqual(Array(4).fill('protected_target'));
  });

  it('never reaches the machinery of the language (H5)', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"city":"Paris"}',
    ) as Record<string, Json>;
    const properties = JSON.parse(
      '{"__proto__":{"expression":"appuser.city","pushStatus":"PUSH"},"city":{"expression":"appuser.city","pushStatus":"PUSH"}}',
    );
    const result = compileMapping(properties).evaluate(
      source(sourceProfile({ attributes: new Map() }, hostile)),
      'create',
    );
    expect(Object.keys(result.values)).toEqual(['city']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('for every mapping and every profile', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  const name = fc.constantFrom('a', 'b', 'email', 'roles', '__proto__', 'status', 'x.y');
  const expression = fc.oneof(
    name.map((n) => `appuser.${n}`),
    fc.constantFrom(
      'appuser.a + appuser.b',
      'source.userName',
      'String.toUpperCase(appuser.a)',
      'appuser.a.b.c',
      '1/0',
    ),
    fc.string(),
  );
  const properties = fc.dictionary(
    name,
    fc.record({ expression, pushStatus: fc.constantFrom('PUSH' as const, 'DONT_PUSH' as const) }),
  );

  it('the evaluation never throws, never writes null or a protected target, and an update writes no more than a creation', () => {
    fc.assert(
      fc.property(properties, fc.dictionary(fc.string(), json), fc.option(fc.string()), (wanted, claims, userName) => {
        const compiled = compileMapping(wanted);
        const from = { ...source(sourceProfile({ attributes: new Map() }, claims)), userName };
        const created = compiled.evaluate(from, 'create');
        const updated = compiled.evaluate(from, 'update');
        for (const [target, value] of Object.entries(created.values)) {
          expect(value).not.toBeNull();
          expect(isProtectedTarget(target)).toBe(false);
        }
        expect(created.values).toMatchObject(updated.values);
      }),
    );
  });
});

describe('the profile that a provider asserts', () => {
  const attributes = new Map<string, { name: string; externalName?: string }>([
    ['firstName', { name: 'firstName', externalName: 'given_name' }],
    ['street', { name: 'street', externalName: 'address.street_address' }],
    ['idme_uuid', { name: 'idme_uuid', externalName: 'uuid' }],
    ['plain', { name: 'plain' }],
  ]) as unknown as Parameters<typeof sourceProfile>[0]['attributes'];

  it('has claims by their own names and attributes by their variable names', () => {
    const claims = { given_name: 'Ada', uuid: 'u1', fname: 'A', address: { street_address: 'Main St' } };
    expect(sourceProfile({ attributes }, claims)).toEqual({
      ...claims,
      firstName: 'Ada',
      idme_uuid: 'u1',
      street: 'Main St',
    });
  });
  it('prefers the external name over a claim that is called like the variable', () => {
    expect(sourceProfile({ attributes }, { given_name: 'Ada', firstName: 'other' }).firstName).toBe('Ada');
    expect(sourceProfile({ attributes }, { firstName: 'other' }).firstName).toBe('other');
  });
  it('reads a dotted claim by its own name first, and no member of something that is no object', () => {
    expect(
      sourceProfile({ attributes }, { 'address.street_address': 'flat', address: { street_address: 'deep' } }).street,
    ).toBe('flat');
    expect(sourceProfile({ attributes }, { address: 'text' })).toEqual({ address: 'text' });
    expect(sourceProfile({ attributes }, { address: ['x'] }).street).toBeUndefined();
  });
});

describe('the mappings that exist from the start', () => {
  it.each(['OIDC', 'SAML2'] as const)('of %s compile, and push where the provider is a profile source', (type) => {
    const stored = defaultProperties(type, true);
    expect(compileMapping(stored).properties.map(({ target, push }) => [target, push])).toEqual(
      Object.keys(stored).map((target) => [target, true]),
    );
    expect(Object.values(defaultProperties(type, false)).map(({ pushStatus }) => pushStatus)).toEqual(
      Object.keys(stored).map(() => 'DONT_PUSH'),
    );
  });
});
