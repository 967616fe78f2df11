import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiledWith, IDP, mappingOf, rules, userSchemaWith } from '../../../test/support/account.ts';
import type { Definition } from '../../directory/profile-schemas/index.ts';
import type { Json } from '../../shared/json.ts';
import { profileUpdate, type UpdateInput } from './profile-update.ts';

type Profile = Record<string, Json>;

const GARY: Profile = {
  login: 'gary@example.com',
  email: 'gary@example.com',
  firstName: 'Gary',
  lastName: 'Goodspeed',
  city: 'Houston',
};
const MAPPING = {
  login: 'appuser.login',
  email: 'appuser.email',
  firstName: 'appuser.first',
  lastName: 'appuser.last',
  city: 'appuser.city',
  level: 'appuser.level',
  tags: 'appuser.tags',
};

function updated(
  source: Profile,
  options: {
    current?: Profile;
    custom?: Record<string, Definition>;
    base?: Record<string, Partial<Definition>>;
    mapping?: Record<string, string>;
    excluded?: Map<string, string>;
    sources?: UpdateInput['sources'];
    profileSources?: string[];
  } = {},
) {
  const custom = options.custom ?? { level: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } };
  const compiled = compiledWith({
    userSchema: userSchemaWith(custom, options.base),
    mapping: mappingOf(options.mapping ?? MAPPING),
  });
  return profileUpdate(rules, compiled, {
    source,
    userName: 'gary@example.com',
    current: options.current ?? GARY,
    sourceId: IDP,
    now: new Date('2026-11-20T10:00:00Z'),
    sources: options.sources ?? [],
    profileSources: new Set(options.profileSources ?? [IDP]),
    excluded: options.excluded ?? new Map(),
  });
}

describe('a known person’s profile', () => {
  test('takes a changed value, and only that counts as changed', () => {
    const update = updated({ city: 'Dallas', first: 'Gary' });
    expect(update).toMatchObject({ profile: { ...GARY, city: 'Dallas' }, changed: ['city'], rejected: [] });
    expect(update.said).toEqual({ city: 'Dallas', firstName: 'Gary' });
  });

  test('keeps a value whose claim is absent or null, and loses one whose claim is empty', () => {
    expect(updated({}).changed).toEqual([]);
    expect(updated({ city: null }).changed).toEqual([]);
    const cleared = updated({ city: '' });
    expect(cleared.changed).toEqual(['city']);
    expect(cleared.profile).not.toHaveProperty('city');
  });

  test('is not changed by clearing what is not there', () => {
    expect(updated({ city: '' }, { current: { login: 'gary@example.com' } }).changed).toEqual([]);
  });

  test.each<[string, Profile, string]>([
    ['too long a value', { last: 'x'.repeat(51) }, 'lastName'],
    ['clearing a required attribute', { first: '' }, 'firstName'],
    ['a login that is no address', { login: 'gary' }, 'login'],
    ['a login of forbidden characters', { login: 'g\u0430ry@example.com' }, 'login'],
    ['an empty login', { login: '' }, 'login'],
    ['an address that is none', { email: 'nowhere' }, 'email'],
    ['a value of another type', { level: 'high' }, 'level'],
  ])('%s is refused: the old value stays and everything else is taken', (_name, source, attribute) => {
    const update = updated({ ...source, city: 'Dallas' });
    expect(update.changed).toEqual(['city']);
    expect(update.profile[attribute]).toEqual(GARY[attribute]);
    expect(update.rejected).toEqual([{ attribute, why: expect.any(String) }]);
  });

  test('values become what the attribute is: numbers from text, lists kept', () => {
    expect(updated({ level: '2', tags: ['a', 'b'] }).profile).toMatchObject({ level: 2, tags: ['a', 'b'] });
    expect(
      updated({ level: '2', tags: ['a', 'b'] }, { current: { ...GARY, level: 2, tags: ['a', 'b'] } }).changed,
    ).toEqual([]);
  });

  test('a value that somebody else has is kept out by name', () => {
    const update = updated(
      { login: 'ada@example.com', city: 'Dallas' },
      { excluded: new Map([['login', 'another user has this login']]) },
    );
    expect(update.changed).toEqual(['city']);
    expect(update.rejected).toEqual([{ attribute: 'login', why: 'another user has this login' }]);
  });

  test('an expression that fails is told; a claim that did not come is not', () => {
    const failing = updated(
      { city: 'Dallas' },
      { mapping: { city: 'appuser.city', firstName: 'String.substring(appuser.city, 5, 1)' } },
    );
    expect(failing.changed).toEqual(['city']);
    const absent = updated(
      { city: 'Dallas' },
      { mapping: { city: 'appuser.city', displayName: "appuser.nick + '!'" } },
    );
    expect(absent.rejected).toEqual([]);
  });

  test('mapping properties that do not push are for creation only', () => {
    expect(updated({ city: 'Dallas' }, { mapping: {} }).changed).toEqual([]);
  });
});

describe('who may write an attribute', () => {
  const master = (definition: Definition['master']) => ({ base: { city: { master: definition } } });

  test.each<[string, Definition['master'], string[]]>([
    ['the profile source', { type: 'PROFILE_MASTER' }, ['city']],
    ['the hub alone', { type: 'OKTA' }, []],
    ['this provider first', { type: 'OVERRIDE', priority: [{ type: 'APP', value: IDP }, { type: 'OKTA' }] }, ['city']],
    [
      'another provider first, which has said nothing',
      {
        type: 'OVERRIDE',
        priority: [
          { type: 'APP', value: '0oaOther' },
          { type: 'APP', value: IDP },
        ],
      },
      ['city'],
    ],
    ['the hub first', { type: 'OVERRIDE', priority: [{ type: 'OKTA' }] }, []],
    ['nobody named', { type: 'OVERRIDE', priority: [] }, []],
  ])('%s', (_name, definition, changed) => {
    const update = updated({ city: 'Dallas' }, master(definition));
    expect(update.changed).toEqual(changed);
    expect(update.said).toEqual({ city: 'Dallas' });
  });

  test.each<[string, Json, string]>([
    ['has a value', 'Austin', 'Austin'],
    ['says that there is none', '', 'Dallas'],
  ])('another provider that goes first and %s', (_name, said, city) => {
    const priority = [
      { type: 'APP' as const, value: '0oaOther' },
      { type: 'APP' as const, value: IDP },
    ];
    const update = updated(
      { city: 'Dallas' },
      {
        ...master({ type: 'OVERRIDE', priority }),
        current: { ...GARY, city: 'Austin' },
        sources: [{ sourceId: '0oaOther', values: { city: said }, released: false }],
        profileSources: [IDP, '0oaOther'],
      },
    );
    expect(update.profile.city).toBe(city);
    expect(update.said).toEqual({ city: 'Dallas' });
  });

  test('the next source counts when this one clears its value', () => {
    const update = updated(
      { city: '' },
      {
        ...master({ type: 'OVERRIDE', priority: [{ type: 'APP', value: IDP }] }),
        sources: [
          { sourceId: IDP, values: { city: 'Houston' }, released: false },
          { sourceId: 'hub', values: { city: 'London' }, released: false },
        ],
      },
    );
    expect(update).toMatchObject({ profile: { city: 'London' }, changed: ['city'], said: { city: '' } });
  });

  test('what the profile was created with is remembered as long as nobody with a right says otherwise', () => {
    const sources = [{ sourceId: IDP, values: { city: 'Houston' }, released: false }];
    const update = updated({ city: 'Dallas' }, { ...master({ type: 'OKTA' }), sources });
    expect(update).toMatchObject({ changed: [], said: { city: 'Houston' }, news: [] });
  });

  test('a value that is refused is not remembered, and the one before is', () => {
    const sources = [{ sourceId: IDP, values: { lastName: 'Goodspeed' }, released: false }];
    expect(updated({ last: 'x'.repeat(51) }, { sources })).toMatchObject({
      said: { lastName: 'Goodspeed' },
      news: [],
      rejected: [{ attribute: 'lastName' }],
    });
  });

  test('a value that another source has overtaken is news when it counts again', () => {
    const sources = [
      { sourceId: IDP, values: { city: 'Dallas' }, released: false },
      { sourceId: '0oaOther', values: { city: 'Houston' }, released: false },
    ];
    expect(updated({ city: 'Dallas' }, { sources, profileSources: [IDP, '0oaOther'] })).toMatchObject({
      changed: ['city'],
      news: ['city'],
    });
  });
});

describe('L5: no claim reaches more than the mapped attributes', () => {
  test('whatever is sent under whatever name', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null)), {
          maxKeys: 20,
        }),
        (claims) => {
          const { profile, changed } = updated(claims as Profile);
          const mapped = new Set(Object.keys(MAPPING));
          expect(changed.filter((name) => !mapped.has(name))).toEqual([]);
          for (const name of Object.keys(profile)) expect(mapped.has(name) || Object.hasOwn(GARY, name)).toBe(true);
          expect(Object.getPrototypeOf(profile)).toBe(Object.prototype);
        },
      ),
    );
  });

  test.each(['id', 'status', 'roles', 'type', 'credentials', 'isAdmin'])('a mapping to %s writes nothing', (target) => {
    expect(updated({ x: 'SUPER_ADMIN' }, { mapping: { [target]: 'appuser.x' } }).changed).toEqual([]);
  });
});
