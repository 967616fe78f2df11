import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IDP, ISSUER, ORG } from '../../../test/support/account.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { type ReadInput, readAccount } from './read.ts';

const AT = new Date('2026-11-20T10:00:00Z');
let test_: TestDatabase;

const run = (text: string, ...values: unknown[]) => test_.database.query({ text, values });

async function addUser(id: string, change: Record<string, unknown> = {}) {
  const row = {
    org_id: ORG,
    id,
    type_id: 'oty',
    status: 'ACTIVE',
    login_key: `${id}@example.com`.toLowerCase(),
    email_key: null,
    profile: { login: `${id}@example.com` },
    email_verified: false,
    provider_type: 'OKTA',
    provider_name: 'OKTA',
    created: AT,
    created_by: 'api',
    last_updated: AT,
    version: 3,
    ...change,
  };
  await run('insert into users select * from jsonb_populate_record(null::users, $1::jsonb)', JSON.stringify(row));
}

const addLink = (userId: string, subject: string, idpId = IDP, issuer = ISSUER) =>
  run(
    'insert into external_identities (org_id, idp_id, issuer, subject, user_id, created, last_updated) values ($1, $2, $3, $4, $5, $6, $6)',
    ORG,
    idpId,
    issuer,
    subject,
    userId,
    AT,
  );

const reading = (change: Partial<ReadInput> = {}) =>
  readAccount(test_.database, {
    orgId: ORG,
    idpId: IDP,
    issuer: ISSUER,
    subject: 'nobody',
    claims: {},
    loginKey: null,
    emailKey: null,
    attribute: null,
    newLoginKey: null,
    appId: null,
    groupIds: [],
    ...change,
  });

beforeAll(async () => {
  test_ = await createTestDatabase();
  await run(
    "insert into orgs (id, company_name, subdomain, base_url, config_version, created, last_updated) values ($1, 'Org', 'org', 'http://localhost', 7, $2, $2)",
    ORG,
    AT,
  );
  await addUser('00uGary', {
    email_key: 'gary@mail.example',
    profile: { login: '00uGary@example.com', employeeNumber: '42', badge: 7 },
    password_hash: 'x',
  });
  await addUser('00uAda', {
    email_key: 'shared@mail.example',
    profile: { login: 'ada', employeeNumber: '43' },
    created_by: 'jit',
  });
  await addUser('00uEve', { email_key: 'shared@mail.example', profile: { login: 'eve', employeeNumber: '43' } });
  await addUser('00uElsewhere', {
    org_id: '00oOther',
    login_key: 'elsewhere@example.com',
    email_key: 'gary@mail.example',
  });
  await addLink('00uAda', 'sub-ada');
  await addLink('00uEve', 'sub-eve', '0oaOtherIdp');
  await run('insert into user_roles values ($1, $2, $3, $4)', ORG, '00uEve', 'SUPER_ADMIN', AT);
  for (const [id, name, type] of [
    ['00gStaff', 'Staff', 'OKTA_GROUP'],
    ['00gApp', 'From an app', 'APP_GROUP'],
  ]) {
    await run(
      'insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated) values ($1, $2, $3, $4, $5, $6, $6, $6)',
      ORG,
      id,
      type,
      id,
      JSON.stringify({ name }),
      AT,
    );
    await run(
      'insert into group_members (org_id, group_id, user_id, created) values ($1, $2, $3, $4)',
      ORG,
      id,
      '00uGary',
      AT,
    );
  }
  await run(
    "insert into group_rule_members (org_id, user_id, group_id, rule_id, created) values ($1, '00uGary', '00gStaff', '0prRule', $2)",
    ORG,
    AT,
  );
  for (const [app, scope, status] of [
    ['0oaDirect', 'USER', 'ACTIVE'],
    ['0oaThrough', 'GROUP', 'ACTIVE'],
    ['0oaOff', 'USER', 'INACTIVE'],
  ]) {
    await run(
      'insert into app_users (org_id, app_id, user_id, scope, status, created, last_updated, status_changed) values ($1, $2, $3, $4, $5, $6, $6, $6)',
      ORG,
      app,
      '00uGary',
      scope,
      status,
      AT,
    );
  }
  await run(
    'insert into user_profile_sources values ($1, $2, $3, $4, null, $5)',
    ORG,
    '00uGary',
    IDP,
    JSON.stringify({ city: 'Houston' }),
    AT,
  );
});

afterAll(() => test_.drop());

describe('the one statement before a decision', () => {
  test('finds nobody where nothing matches, and tells the configuration’s version', async () => {
    expect(
      await reading({ loginKey: 'no@one.example', emailKey: 'no@one.example', newLoginKey: 'no@one.example' }),
    ).toEqual({
      configurationVersion: 7,
      linked: null,
      lostLink: null,
      sameClaims: true,
      byLogin: null,
      byEmail: [],
      byAttribute: [],
      loginTaken: false,
      groups: [],
    });
  });

  test('finds the linked person by provider, issuer and subject, and nobody else beside', async () => {
    const facts = await reading({
      subject: 'sub-ada',
      loginKey: '00ugary@example.com',
      emailKey: 'shared@mail.example',
    });
    expect(facts.linked).toMatchObject({
      id: '00uAda',
      createdByAdministrator: false,
      linkedToThisIdp: true,
      lastUpdated: AT,
      version: 3,
    });
    expect(facts.byLogin).toBeNull();
    expect(facts.byEmail.map((user) => user.id)).toEqual(['00uAda']);
  });

  test.each([
    ['another provider’s', { subject: 'sub-eve' }],
    ['another issuer’s', { subject: 'sub-ada', issuer: 'https://evil.example' }],
    ['another org’s', { subject: 'sub-ada', orgId: '00oOther' }],
    ['a user’s id for a', { subject: '00uAda' }],
    ['a number for a', { subject: '1' }],
    ['another spelling of a', { subject: 'SUB-ADA' }],
  ])('O7, L7: %s subject is nobody’s', async (_name, change) => {
    expect((await reading(change)).linked).toBeNull();
  });

  test('finds by login, with what the decision needs', async () => {
    const { byLogin } = await reading({ loginKey: '00ugary@example.com', appId: '0oaDirect' });
    expect(byLogin).toMatchObject({
      id: '00uGary',
      hasPassword: true,
      isAdministrator: false,
      linkedToThisIdp: false,
      createdByAdministrator: true,
      assigned: true,
      assignedDirectly: true,
      sources: [{ sourceId: IDP, values: { city: 'Houston' }, released: false }],
    });
    expect(byLogin?.groupIds.toSorted()).toEqual(['00gApp', '00gStaff']);
    expect(byLogin?.memberships).toContainEqual({
      id: '00gStaff',
      name: 'Staff',
      type: 'OKTA_GROUP',
      source: 'DIRECT',
      ruleIds: ['0prRule'],
    });
  });

  test.each([
    ['0oaDirect', true, true],
    ['0oaThrough', true, false],
    ['0oaOff', false, false],
    ['0oaOther', false, false],
    [null, true, false],
  ])('the assignment to %s is %s, directly %s', async (appId, assigned, assignedDirectly) => {
    expect((await reading({ loginKey: '00ugary@example.com', appId })).byLogin).toMatchObject({
      assigned,
      assignedDirectly,
    });
  });

  test('finds everybody with an address, of this org only', async () => {
    expect((await reading({ emailKey: 'shared@mail.example' })).byEmail.map((user) => user.id).toSorted()).toEqual([
      '00uAda',
      '00uEve',
    ]);
    expect((await reading({ emailKey: 'gary@mail.example' })).byEmail.map((user) => user.id)).toEqual(['00uGary']);
  });

  test('a link of another provider does not count as one of this', async () => {
    const { byEmail } = await reading({ emailKey: 'shared@mail.example' });
    expect(Object.fromEntries(byEmail.map((user) => [user.id, [user.linkedToThisIdp, user.isAdministrator]]))).toEqual({
      '00uAda': [true, false],
      '00uEve': [false, true],
    });
  });

  test('finds by a custom attribute in its own type', async () => {
    const ids = async (name: string, value: string | number) =>
      (await reading({ attribute: { name, value } })).byAttribute.map((user) => user.id).toSorted();
    expect(await ids('employeeNumber', '42')).toEqual(['00uGary']);
    expect(await ids('employeeNumber', '43')).toEqual(['00uAda', '00uEve']);
    expect(await ids('employeeNumber', 42)).toEqual([]);
    expect(await ids('badge', 7)).toEqual(['00uGary']);
    expect(await ids('badge', Number.NaN)).toEqual([]);
  });

  test('tells that the login of a new user is taken, without taking its owner for a match', async () => {
    const facts = await reading({ emailKey: 'gary@mail.example', newLoginKey: '00uada@example.com' });
    expect(facts.loginTaken).toBe(true);
    expect(facts.byLogin).toBeNull();
    expect(facts.byEmail.map((user) => user.id)).toEqual(['00uGary']);
    expect((await reading({ newLoginKey: 'elsewhere@example.com' })).loginTaken).toBe(false);
  });

  test('reads the groups that the provider may touch, those that exist', async () => {
    expect((await reading({ groupIds: ['00gStaff', '00gGone'] })).groups).toEqual([
      { id: '00gStaff', name: 'Staff', type: 'OKTA_GROUP' },
    ]);
  });
});
