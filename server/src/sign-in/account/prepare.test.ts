import { describe, expect, test } from 'vitest';
import {
  compiledWith,
  expression,
  identityWith,
  idpSchemaWith,
  mappingOf,
  policyWith,
  providerWith,
  pure,
  userSchemaWith,
} from '../../../test/support/account.ts';
import type { Json } from '../../shared/json.ts';
import { type Compiled, type Prepared, prepare } from './prepare.ts';

const GARY: Record<string, Json> = {
  sub: 'sub-1',
  email: 'Gary@Example.com',
  given_name: 'Gary',
  family_name: 'Goodspeed',
};
const MAPPING = {
  login: 'appuser.email',
  email: 'appuser.email',
  firstName: 'appuser.given_name',
  lastName: 'appuser.family_name',
};

function prepared(
  claims: Record<string, Json>,
  change: { template?: string; compiled?: Partial<Compiled> } = {},
): Prepared {
  const subject = change.template === undefined ? {} : { template: expression(change.template, 'idpUsername') };
  const compiled = compiledWith({ mapping: mappingOf(MAPPING), ...change.compiled });
  return prepare(
    pure,
    providerWith(policyWith({ subject })),
    identityWith(claims),
    compiled,
    new Date('2026-11-20T10:00:00Z'),
  );
}

describe('the transformed user name', () => {
  test('keeps its spelling and has a canonical key', () => {
    expect(prepared(GARY)).toMatchObject({
      userName: { ok: true, value: 'Gary@Example.com', key: 'gary@example.com' },
      emailKey: 'gary@example.com',
    });
  });

  test.each<[string, string, Record<string, Json>, object]>([
    ['a claim that did not come', 'idpuser.email', { sub: 'x' }, { code: 'missed_field', detail: 'email' }],
    ['a claim that is null', 'idpuser.email', { email: null }, { code: 'missed_field', detail: 'email' }],
    ['an empty claim', 'idpuser.email', { email: '' }, { code: 'missed_field' }],
    ['null inside a text', "idpuser.nick + '@x.example'", { sub: 'x' }, { code: 'missed_field', detail: 'nick' }],
    ['a list', 'idpuser.emails', { emails: ['a@b.example'] }, { code: 'invalid_expression' }],
    [
      'white space inside',
      'idpuser.email',
      { email: 'gary @example.com' },
      { code: 'whitespace', value: 'gary @example.com' },
    ],
    [
      'a control character',
      'idpuser.email',
      { email: 'gary\u0007@example.com' },
      { code: 'failed_username_transform' },
    ],
    ['a full-width @', 'idpuser.email', { email: 'gary\uff20example.com' }, { code: 'failed_username_transform' }],
    [
      '10,000 characters',
      'idpuser.email',
      { email: `${'a'.repeat(10_000)}@example.com` },
      { code: 'failed_username_transform' },
    ],
  ])('%s is no user name', (_name, template, claims, expected) => {
    expect(prepared(claims, { template }).userName).toMatchObject({ ok: false, ...expected });
  });

  test('white space around it is cut, a number is written out', () => {
    expect(prepared({ ...GARY, email: '  gary@example.com ' }).userName).toMatchObject({
      ok: true,
      value: 'gary@example.com',
    });
    expect(prepared({ ...GARY, n: 42 }, { template: 'idpuser.n' }).userName).toMatchObject({ ok: true, value: '42' });
  });

  test('somebody called Null exists', () => {
    expect(prepared({ ...GARY, email: 'null@null.example' }).userName).toMatchObject({
      ok: true,
      value: 'null@null.example',
    });
  });

  test('what is told of a long one is short', () => {
    const { userName } = prepared({ email: `a ${'b'.repeat(5_000)}` });
    expect(JSON.stringify(userName).length).toBeLessThan(300);
  });
});

test.each(['a \u0000b', `${'x'.repeat(99)}\u{1f600} y`, 'a\u0000b'])(
  'a refused user name can be logged: %j',
  (email) => {
    const { userName, problems } = prepared({ ...GARY, email });
    expect(userName.ok).toBe(false);
    for (const text of [JSON.stringify(userName), JSON.stringify(problems)])
      expect(text).not.toMatch(/\\u(0000|d[89a-f])/);
  },
);

describe('the profile of a new user', () => {
  test('is what the mapping makes of the claims', () => {
    const made = prepared(GARY);
    expect(made.created).toEqual({
      login: 'Gary@Example.com',
      email: 'Gary@Example.com',
      firstName: 'Gary',
      lastName: 'Goodspeed',
    });
    expect(made).toMatchObject({ newLoginKey: 'gary@example.com', newEmailKey: 'gary@example.com' });
    expect(made.problems).toEqual({ invalidLogin: null, missing: [], pattern: [], tooLong: [], other: [] });
  });

  test('without a mapping for it the login is the user name', () => {
    const mapping = mappingOf({
      email: 'appuser.email',
      firstName: 'appuser.given_name',
      lastName: 'appuser.family_name',
    });
    expect(
      prepared({ ...GARY, upn: 'gg@corp.example' }, { template: 'idpuser.upn', compiled: { mapping } }).created.login,
    ).toBe('gg@corp.example');
  });

  test('a custom attribute is read by its external name', () => {
    const compiled = {
      userSchema: userSchemaWith({ idme_uuid: { type: 'string' } }),
      idpSchema: idpSchemaWith({ uuid: { type: 'string', externalName: 'urn:idme:uuid' } }),
      mapping: mappingOf({ ...MAPPING, idme_uuid: 'appuser.uuid' }),
    };
    expect(prepared({ ...GARY, 'urn:idme:uuid': 'd733' }, { compiled }).created.idme_uuid).toBe('d733');
  });

  test.each<[string, Record<string, Json>, object]>([
    ['a missing last name', { family_name: null }, { missing: ['lastName'] }],
    ['an empty last name', { family_name: '' }, { missing: ['lastName'] }],
    ['a last name that is too long', { family_name: 'x'.repeat(51) }, { tooLong: ['lastName'] }],
    ['an address without @', { email: 'gary' }, { invalidLogin: 'gary' }],
    ['no address at all', { email: null }, { missing: ['email'], invalidLogin: 'sub-1' }],
  ])('%s is told by name', (_name, claims, expected) => {
    expect(prepared({ ...GARY, ...claims }, { template: 'idpuser.sub' }).problems).toMatchObject(expected);
  });

  test('a mapping that gives no value is told', () => {
    const mapping = mappingOf({ ...MAPPING, displayName: "appuser.given_name + ' ' + appuser.middle" });
    expect(prepared(GARY, { compiled: { mapping } }).unmapped).toEqual([
      expect.objectContaining({ target: 'displayName' }),
    ]);
  });
});

describe('L5: claims write what is mapped, and nothing else', () => {
  const OVERREACH: Record<string, Json> = {
    id: '00uAdmin',
    status: 'ACTIVE',
    roles: ['SUPER_ADMIN'],
    role: 'SUPER_ADMIN',
    admin: true,
    isAdmin: true,
    groups: ['Administrators'],
    org_id: 'other',
    login_key: 'admin',
    password_hash: 'x',
    created_by: 'api',
    email_key: 'admin@example.com',
    version: 99,
    mfa: 'off',
    constructor: 'x',
    prototype: 'x',
  };

  test('claims named like columns, roles or machinery reach no profile', () => {
    const claims = { ...GARY, ...OVERREACH, ...JSON.parse('{"__proto__":{"admin":true}}') } as Record<string, Json>;
    const { created } = prepared(claims);
    expect(Object.keys(created).sort()).toEqual(['email', 'firstName', 'lastName', 'login']);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test('not even by a mapping that names them as targets', () => {
    const targets = Object.fromEntries(Object.keys(OVERREACH).map((name) => [name, `appuser.${name}`]));
    const readable = Object.fromEntries(
      Object.entries(targets).filter(([name]) => !['constructor', 'prototype'].includes(name)),
    );
    const { created } = prepared(
      { ...GARY, ...OVERREACH },
      { compiled: { mapping: mappingOf({ ...MAPPING, ...readable }) } },
    );
    expect(Object.keys(created).sort()).toEqual(['email', 'firstName', 'lastName', 'login']);
  });

  test('an honest custom attribute arrives', () => {
    const compiled = {
      userSchema: userSchemaWith({ department2: { type: 'string' } }),
      mapping: mappingOf({ ...MAPPING, department2: 'appuser.dep' }),
    };
    expect(prepared({ ...GARY, dep: 'Sales' }, { compiled }).created.department2).toBe('Sales');
  });
});

describe('L6: two spellings that look alike are not two people', () => {
  test.each([
    ['upper and lower case', 'GARY@EXAMPLE.COM'],
    ['a letter K and the Kelvin sign', '\u212Aate@example.com'],
    ['a composed and a decomposed letter', 'ga\u0301ry@example.com'],
  ])('%s have one key', (_name, email) => {
    const { userName } = prepared({ ...GARY, email });
    const other = prepared({ ...GARY, email: email.normalize('NFC').toLowerCase() }).userName;
    expect(userName).toMatchObject({ ok: true });
    expect(userName.ok && other.ok && userName.key === other.key).toBe(true);
  });

  test.each([
    ['a full-width letter', '\uff47ary@example.com'],
    ['a dotless i beside a dotted one', 'adm\u0131n@example.com'],
    ['a Cyrillic letter among Latin ones', 'g\u0430ry@example.com'],
    ['a zero-width joiner', 'ga\u200dry@example.com'],
  ])('%s is refused', (_name, email) => {
    expect(prepared({ ...GARY, email }).userName.ok).toBe(false);
  });
});
