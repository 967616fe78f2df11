import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  compiledWith,
  DEFAULT_MAPPING,
  EVERYONE,
  IDP,
  ISSUER,
  identityWith,
  mappingOf,
  ORG,
  type PolicyChange,
  policyWith,
  providerWith,
  pure,
  userSchemaWith,
} from '../../../test/support/account.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { CompiledApplication } from '../../applications/index.ts';
import type { AuthorizationRequest } from '../../authorization-server/index.ts';
import { compileRules, evaluateRules } from '../../directory/group-rules/evaluate.ts';
import type { GroupRule } from '../../directory/group-rules/schema.ts';
import type { Definition } from '../../directory/profile-schemas/index.ts';
import type { IdentityProvider } from '../../identity-providers/index.ts';
import { createConfiguration } from '../../orgs/configuration.ts';
import { evaluate } from '../../routing-rules/index.ts';
import { evaluateSignOn } from '../../routing-rules/sign-on/evaluate.ts';
import type { Json } from '../../shared/json.ts';
import type { SignInPorts } from '../ports.ts';
import { createSessions } from '../sessions/index.ts';
import type { TraceStep } from '../trace/index.ts';
import { type AccountOutcome, signInWithIdentity } from './account.ts';

const START = new Date('2026-11-20T10:00:00Z');
const GARY = {
  sub: 'sub-1',
  email: 'gary@example.com',
  firstName: 'Gary',
  lastName: 'Goodspeed',
  email_verified: true,
};
const REQUEST: AuthorizationRequest = {
  issuer: 'http://localhost',
  appId: '0oaPayroll',
  clientId: '0oaPayroll',
  redirectUri: 'https://app.example/cb',
  responseType: 'code',
  responseMode: 'query',
  scopes: ['openid'],
};
const PAYROLL = {
  id: '0oaPayroll',
  label: 'Payroll',
  status: 'ACTIVE',
  assignedToEveryone: false,
  assignedGroups: ['00gStaff'],
} as unknown as CompiledApplication;
const TABLES = [
  'users',
  'external_identities',
  'user_profile_sources',
  'attribute_values',
  'group_members',
  'group_rule_members',
  'app_users',
  'sessions',
  'consumed_once',
  'system_log',
  'user_roles',
];

let test_: TestDatabase;
let now: Date;
let idp: IdentityProvider;
let custom: Record<string, Definition>;
let mapping: Record<string, string>;
let createsUsers: boolean;
let rules: GroupRule[];
let transactions: number;
let steps: TraceStep[];
/** Runs between what was read and the commit. */
let meanwhile: (() => Promise<unknown>) | null;

const rowsOf = async <R = Record<string, unknown>>(text: string, ...values: unknown[]) =>
  (await test_.database.query<R>({ text, values })).rows;

function ports(): SignInPorts {
  const schema = userSchemaWith(custom);
  const unused = async () => {
    throw new Error('Not part of this test.');
  };
  return {
    ...pure,
    applications: { byId: async () => PAYROLL },
    identityProviders: { byId: async () => idp },
    groupRules: {
      compiled: async () => compileRules(rules, new Map([['00gStaff', 'Staff']]), EVERYONE),
      outcome: evaluateRules,
    },
    routing: {
      decide: async () => evaluate([], { appId: null, appType: null, ip: '', userAgent: '', login: null }),
      stillOffers: unused,
    },
    signOn: async (_orgId, context) => evaluateSignOn([], context),
    mappings: { ...pure.mappings, compiled: async () => mappingOf(mapping) },
    schemas: { ...pure.schemas, user: async () => schema, of: async () => compiledWith().idpSchema },
    passwords: { check: unused },
    ownPasswords: { find: unused, redeem: unused, renew: unused, wishLink: unused },
    authorization: {
      accepts: (application) => application?.status === 'ACTIVE',
      draftGrant: () => ({ row: {} as never, code: 'code', events: [] }),
      insertGrantSql: (value) => `select ${value}::text`,
      respond: unused,
      respondError: unused,
    },
    org: {
      name: async () => 'Org',
      async createsUsers() {
        const work = meanwhile;
        meanwhile = null;
        await work?.();
        return createsUsers;
      },
    },
    linkedIdentities: unused,
    appLinks: unused,
  };
}

interface Attempt {
  claims?: Record<string, Json>;
  request?: AuthorizationRequest | null;
  once?: string;
}

function signIn({ claims = {}, request = null, once = `tx:${++transactions}` }: Attempt = {}): Promise<AccountOutcome> {
  const all = { ...GARY, ...claims };
  const clock = { now: () => now };
  const { database } = test_;
  return signInWithIdentity(
    {
      database,
      configuration: createConfiguration(database),
      clock,
      sessions: createSessions({ database, clock }),
      ports: ports(),
    },
    {
      orgId: ORG,
      idpId: IDP,
      identity: identityWith(all, { subject: all.sub }),
      request,
      client: { ip: '192.0.2.1', userAgent: 'test' },
      requestId: 'req',
      trace: { id: 'trace', fact: () => {}, step: (step) => void steps.push(step) },
      once: [{ key: once, until: new Date(now.getTime() + 60_000) }],
      previousSession: null,
    },
  );
}

const events = async () =>
  (await rowsOf<{ event_type: string }>('select event_type from system_log order by id')).map((row) => row.event_type);
const only = async () =>
  (
    await rowsOf<{
      id: string;
      profile: Record<string, Json>;
      status: string;
      version: number;
      email_verified: boolean;
      password_hash: string | null;
      login_key: string;
    }>('select * from users')
  )[0]!;
const use = (policy: PolicyChange) => {
  idp = providerWith(policyWith(policy));
};
async function localUser(id: string, login: string, change: Record<string, unknown> = {}) {
  const row = {
    org_id: ORG,
    id,
    type_id: 'otyDefault',
    status: 'ACTIVE',
    login_key: login,
    email_key: login,
    email_verified: true,
    profile: { login, email: login, firstName: 'A', lastName: 'B' },
    provider_type: 'OKTA',
    provider_name: 'OKTA',
    password_hash: 'hash',
    created: START,
    created_by: 'api',
    last_updated: START,
    version: 1,
    ...change,
  };
  await rowsOf('insert into users select * from jsonb_populate_record(null::users, $1::jsonb)', JSON.stringify(row));
}

beforeAll(async () => {
  test_ = await createTestDatabase();
  await rowsOf(
    "insert into orgs (id, company_name, subdomain, base_url, created, last_updated) values ($1, 'Org', 'org', 'http://localhost', $2, $2)",
    ORG,
    START,
  );
  await rowsOf(
    "insert into identity_providers (org_id, id, type, name, name_key, status, config, created, last_updated) values ($1, $2, 'OIDC', 'IdP', 'idp', 'ACTIVE', '{}', $3, $3)",
    ORG,
    IDP,
    START,
  );
  await rowsOf(
    "insert into profile_schemas (org_id, id, owner_kind, owner_id, name, title, created, last_updated) values ($1, 'oscUser', 'user_type', 'otyDefault', 'user', 'User', $2, $2)",
    ORG,
    START,
  );
  for (const id of ['00gStaff', '00gCloud'])
    await rowsOf(
      "insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated) values ($1, $2, 'OKTA_GROUP', $2, $3, $4, $4, $4)",
      ORG,
      id,
      JSON.stringify({ name: id.slice(3) }),
      START,
    );
  await rowsOf(
    'insert into app_groups (org_id, app_id, group_id, last_updated) values ($1, $2, $3, $4)',
    ORG,
    '0oaPayroll',
    '00gStaff',
    START,
  );
});
beforeEach(async () => {
  for (const table of TABLES) await rowsOf(`delete from ${table}`);
  now = START;
  custom = {};
  mapping = { ...DEFAULT_MAPPING, city: 'appuser.city', employeeNumber: 'appuser.employee' };
  createsUsers = true;
  rules = [];
  transactions = 0;
  steps = [];
  meanwhile = null;
  use({});
});
afterAll(() => test_.drop());

describe('somebody new', () => {
  test('is created, linked and signed in, with the events in the contract’s order', async () => {
    expect(await signIn()).toMatchObject({
      kind: 'signed-in',
      assigned: true,
      draft: null,
      user: { login: 'gary@example.com', emailVerified: true },
    });
    expect(await only()).toMatchObject({
      status: 'ACTIVE',
      profile: { firstName: 'Gary', login: 'gary@example.com' },
      email_verified: true,
    });
    expect(await events()).toEqual([
      'user.lifecycle.create',
      'user.lifecycle.activate',
      'user.authentication.auth_via_IDP',
      'user.session.start',
    ]);
  });

  test('comes back as the same person, also under a new address', async () => {
    await signIn();
    const first = await only();
    expect(await signIn({ claims: { email: 'gary@new.example' } })).toMatchObject({
      kind: 'signed-in',
      user: { id: first.id, login: 'gary@new.example' },
    });
    expect(await only()).toMatchObject({ id: first.id, login_key: 'gary@new.example', version: 2 });
  });

  test('an address counts as verified only where the claim speaks of the very address', async () => {
    mapping = { ...mapping, email: 'appuser.other' };
    await signIn({ claims: { other: 'ceo@example.com' } });
    expect((await only()).email_verified).toBe(false);
  });

  test('is refused without a trace of a user where something is missing', async () => {
    const outcome = await signIn({ claims: { lastName: null } });
    expect(outcome).toMatchObject({ kind: 'refused', decision: { row: 9, creates: true } });
    expect(await rowsOf('select * from users')).toEqual([]);
    expect(await rowsOf('select * from consumed_once')).toEqual([]);
  });

  test('is refused, not failed, where somebody has a value that must be unique', async () => {
    custom = { badge: { type: 'string', unique: 'UNIQUE_VALIDATED' } };
    mapping = { ...mapping, badge: 'appuser.badge' };
    await signIn({ claims: { badge: 'B-1' } });
    const outcome = await signIn({ claims: { sub: 'sub-2', email: 'ada@example.com', badge: 'b-1' } });
    expect(outcome).toMatchObject({ kind: 'refused', decision: { code: 'jit_failure', creates: true } });
    expect(await rowsOf('select id from users')).toHaveLength(1);
    expect(await signIn({ claims: { sub: 'sub-2', email: 'ada@example.com', badge: 'B-2' } })).toMatchObject({
      kind: 'signed-in',
    });
  });
});

describe('between reading and writing', () => {
  test('somebody else takes the login: it is decided again, and nobody is created', async () => {
    use({ accountLink: { action: 'DISABLED' } });
    meanwhile = () => localUser('00uOther', 'gary@example.com');
    expect(await signIn()).toMatchObject({ kind: 'refused', decision: { row: 6 } });
    expect(await rowsOf('select id from users')).toEqual([{ id: '00uOther' }]);
  });

  test('the same person signs in elsewhere: both are one user', async () => {
    meanwhile = () => signIn({ once: 'tx:other' });
    expect(await signIn()).toMatchObject({ kind: 'signed-in' });
    expect(await rowsOf('select id from users')).toHaveLength(1);
    expect(await rowsOf('select id from sessions')).toHaveLength(2);
    expect((await events()).filter((type) => type === 'user.lifecycle.create')).toHaveLength(1);
  });

  test('the configuration changes: it is decided on the new one', async () => {
    meanwhile = async () => {
      createsUsers = false;
      await rowsOf('update orgs set config_version = config_version + 1');
    };
    expect(await signIn()).toMatchObject({ kind: 'refused', decision: { code: 'jit_disabled' } });
    expect(await rowsOf('select id from users')).toEqual([]);
  });

  test('an administrator suspends the person: they do not get in', async () => {
    await signIn();
    meanwhile = () => rowsOf("update users set status = 'SUSPENDED', version = version + 1");
    expect(await signIn()).toMatchObject({ kind: 'refused', decision: { row: 15 } });
    expect(await rowsOf('select id from sessions')).toHaveLength(1);
  });

  test('the provider is switched off: nobody gets in', async () => {
    meanwhile = async () => {
      idp = { ...idp, status: 'INACTIVE' };
      await rowsOf('update orgs set config_version = config_version + 1');
    };
    expect(await signIn()).toMatchObject({ kind: 'unusable', what: 'identity-provider' });
  });

  test('the transaction is used twice: the second time nothing happens', async () => {
    await signIn({ once: 'tx:same' });
    const before = await rowsOf('select * from system_log');
    expect(await signIn({ once: 'tx:same' })).toMatchObject({ kind: 'replayed' });
    expect(await rowsOf('select * from system_log')).toEqual(before);
    expect(await rowsOf('select id from sessions')).toHaveLength(1);
  });

  test('ten first sign-ins of one person at once leave one user', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => signIn()));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(10).fill('signed-in'));
    expect(await rowsOf('select id from users')).toHaveLength(1);
    expect(await rowsOf('select id from sessions')).toHaveLength(10);
  });
});

describe('somebody known', () => {
  test('who is unchanged costs no more than session, time of sign-in, transaction and log', async () => {
    await signIn({ claims: { city: 'Houston' } });
    const [user, source] = [await only(), (await rowsOf('select * from user_profile_sources'))[0]];
    now = new Date(START.getTime() + 60_000);
    await signIn({ claims: { city: 'Houston' } });
    expect((await only()).version).toBe(user.version);
    expect((await rowsOf('select * from user_profile_sources'))[0]).toEqual(source);
    expect((await events()).slice(4)).toEqual(['user.authentication.auth_via_IDP', 'user.session.start']);
  });

  test('who brings a new claim that nothing maps costs the link’s row more, so that a later mapping finds it', async () => {
    const link = async () => (await rowsOf<{ profile: Json }>('select profile from external_identities'))[0]?.profile;
    await signIn({ claims: { badge: 'B-1', exp: 1 } });
    await signIn({ claims: { badge: 'B-1', exp: 2 } });
    expect(await link()).toMatchObject({ badge: 'B-1', exp: 1 });
    await signIn({ claims: { badge: 'B-2', exp: 3 } });
    expect(await link()).toMatchObject({ badge: 'B-2', exp: 3 });
    expect((await only()).version).toBe(1);
  });

  test('whose attribute changed gets the new value and an event that names it', async () => {
    await signIn({ claims: { city: 'Houston' } });
    await signIn({ claims: { city: 'Dallas' } });
    expect((await only()).profile.city).toBe('Dallas');
    const [event] = await rowsOf<{ payload: { debugContext: { debugData: Record<string, Json> } } }>(
      "select payload from system_log where event_type = 'user.account.update_profile'",
    );
    expect(event?.payload.debugContext.debugData).toMatchObject({ changedAttributes: 'city' });
  });

  test('keeps the old login with a warning where the new one is somebody else’s', async () => {
    await signIn();
    await localUser('00uAda', 'ada@example.com');
    expect(await signIn({ claims: { email: 'ada@example.com', city: 'Dallas' } })).toMatchObject({
      kind: 'signed-in',
      user: { login: 'gary@example.com' },
    });
    const [gary] = await rowsOf<{ profile: Record<string, Json> }>(
      "select profile from users where login_key = 'gary@example.com'",
    );
    expect(gary?.profile).toMatchObject({ login: 'gary@example.com', city: 'Dallas' });
    expect(await events()).toContain('gatehouse.sign_in.attribute_rejected');
  });

  test('keeps a value that must be unique and is somebody else’s, and may give up an own one', async () => {
    custom = { badge: { type: 'string', unique: 'UNIQUE_VALIDATED' } };
    mapping = { ...mapping, badge: 'appuser.badge' };
    await signIn({ claims: { badge: 'B-1' } });
    await signIn({ claims: { sub: 'sub-2', email: 'ada@example.com', badge: 'B-2' } });
    expect(await signIn({ claims: { badge: 'B-2' } })).toMatchObject({
      kind: 'signed-in',
      user: { profile: { badge: 'B-1' } },
    });
    await signIn({ claims: { badge: '' } });
    expect(await signIn({ claims: { sub: 'sub-2', email: 'ada@example.com', badge: 'B-1' } })).toMatchObject({
      user: { profile: { badge: 'B-1' } },
    });
  });

  test('is not changed by a provider that is no profile source, and what it wrote first stays known', async () => {
    await signIn({ claims: { city: 'Houston' } });
    use({ provisioning: { profileMaster: false } });
    const before = await rowsOf('select * from user_profile_sources');
    await signIn({ claims: { city: 'Dallas' } });
    expect((await only()).profile.city).toBe('Houston');
    expect(await rowsOf('select * from user_profile_sources')).toEqual(before);
  });
});

describe('somebody with a local account', () => {
  test('is linked, keeps a verified account’s password, and the reason is logged', async () => {
    await localUser('00uGary', 'gary@example.com');
    expect(await signIn()).toMatchObject({ kind: 'signed-in', user: { id: '00uGary' } });
    expect((await only()).password_hash).toBe('hash');
    const [event] = await rowsOf<{ payload: { outcome: object } }>(
      "select payload from system_log where event_type = 'user.authentication.auth_via_IDP'",
    );
    expect(event?.payload.outcome).toEqual({ result: 'SUCCESS', reason: 'account link' });
  });

  test('L2: loses a password that was set before the address was verified, and every session with it', async () => {
    await localUser('00uGary', 'gary@example.com', { email_verified: false });
    await rowsOf(
      "insert into sessions (org_id, secret_sha256, id, user_id, amr, auth_time, created, last_seen, idle_expires, expires) values ($1, $2, '102old', '00uGary', '{pwd}', $3, $3, $3, $3, $3)",
      ORG,
      randomBytes(32),
      START,
    );
    await signIn();
    expect(await only()).toMatchObject({ id: '00uGary', password_hash: null, email_verified: true });
    expect(
      (await rowsOf<{ id: string }>('select id from sessions where ended is null')).map(({ id }) => id),
    ).not.toContain('102old');
    expect(await events()).toContain('gatehouse.sign_in.credentials_dropped');
  });

  test('L8: another person of the provider who claims the same name is refused', async () => {
    await signIn();
    expect(await signIn({ claims: { sub: 'sub-evil' } })).toMatchObject({
      kind: 'refused',
      decision: { code: 'link_denied_already_linked' },
    });
    expect(await rowsOf('select subject from external_identities')).toEqual([{ subject: 'sub-1' }]);
  });

  test('as an administrator is not linked by a name', async () => {
    await localUser('00uAdmin', 'gary@example.com');
    await rowsOf("insert into user_roles values ($1, '00uAdmin', 'SUPER_ADMIN', $2)", ORG, START);
    expect(await signIn()).toMatchObject({ kind: 'refused', decision: { code: 'link_denied_user' } });
    expect(await rowsOf('select * from external_identities')).toEqual([]);
  });
});

describe('groups and applications', () => {
  const groups = (action: 'APPEND' | 'SYNC' | 'ASSIGN') =>
    use({
      provisioning: {
        groups: { action, assignments: ['00gStaff'], sourceAttributeName: 'Groups', filter: ['00gStaff'] },
      },
    });

  test('a group that the provider gives lets the person into its application at once', async () => {
    groups('APPEND');
    expect(await signIn({ claims: { groups: ['Staff', 'Unknown'] }, request: REQUEST })).toMatchObject({
      assigned: true,
      draft: { code: 'code' },
    });
    expect(await events()).toContain('group.user_membership.add');
  });

  test('a group that the provider takes away takes its application away at once', async () => {
    groups('SYNC');
    await signIn({ claims: { groups: ['Staff'] }, request: REQUEST });
    expect(await signIn({ claims: { groups: [] }, request: REQUEST })).toMatchObject({
      kind: 'signed-in',
      assigned: false,
      draft: null,
    });
    expect(await rowsOf('select * from app_users')).toEqual([]);
    const [event] = await rowsOf<{ payload: { target: { displayName: string }[] } }>(
      "select payload from system_log where event_type = 'group.user_membership.remove'",
    );
    expect(event?.payload.target.map(({ displayName }) => displayName)).toContain('Staff');
  });

  test('somebody who is not assigned is signed in, and gets no grant', async () => {
    expect(await signIn({ request: REQUEST })).toMatchObject({ kind: 'signed-in', assigned: false, draft: null });
    groups('ASSIGN');
    expect(await signIn({ request: REQUEST })).toMatchObject({ assigned: true });
  });
});

describe('group rules', () => {
  const rule = (id: string, expression: string): GroupRule => ({
    ...{ id, orgId: ORG, name: `Rule ${id}`, status: 'ACTIVE', expression, groupIds: ['00gStaff'] },
    ...{ excludedUsers: [], excludedGroups: [], created: START, lastUpdated: START, version: 1 },
  });
  const memberships = () => rowsOf('select group_id, source from group_members');
  const gifts = () => rowsOf('select group_id, rule_id from group_rule_members order by rule_id');
  const movements = async () =>
    (
      await rowsOf<{ type: string; rules: string | null }>(
        `select event_type as type, payload->'debugContext'->'debugData'->>'groupRule' as rules from system_log
         where event_type like 'group.user_membership%' order by published, id`,
      )
    ).map(({ type, rules: named }) => [type.split('.').at(-1), named]);
  const SPRINGFIELD = { city: 'Springfield' };

  test('put somebody who is created into the group, and so into its application, at once', async () => {
    rules = [rule('0prA', 'user.city == "Springfield"')];
    expect(await signIn({ claims: SPRINGFIELD, request: REQUEST })).toMatchObject({ assigned: true });
    expect([await memberships(), await gifts()]).toEqual([
      [{ group_id: '00gStaff', source: 'RULE' }],
      [{ group_id: '00gStaff', rule_id: '0prA' }],
    ]);
    expect(await rowsOf('select app_id, scope from app_users')).toEqual([{ app_id: '0oaPayroll', scope: 'GROUP' }]);
    expect(await movements()).toEqual([['add', 'Rule 0prA']]);
  });

  test('take somebody out whose profile no longer matches, with the application; not while another rule gives it', async () => {
    rules = [rule('0prA', 'user.city == "Springfield"'), rule('0prB', 'user.employeeNumber == "7"')];
    const number = (employee: string) => ({ employee });
    await signIn({ claims: { ...SPRINGFIELD, ...number('7') }, request: REQUEST });
    expect(await signIn({ claims: { city: 'Shelbyville', ...number('7') }, request: REQUEST })).toMatchObject({
      assigned: true,
    });
    expect(await gifts()).toEqual([{ group_id: '00gStaff', rule_id: '0prB' }]);
    expect(await signIn({ claims: { city: 'Shelbyville', ...number('8') }, request: REQUEST })).toMatchObject({
      assigned: false,
    });
    expect([await memberships(), await gifts(), await rowsOf('select * from app_users')]).toEqual([[], [], []]);
    expect(await movements()).toEqual([
      ['add', 'Rule 0prA, Rule 0prB'],
      ['remove', 'Rule 0prB'],
    ]);
  });

  test('write nothing where nothing changes', async () => {
    rules = [rule('0prA', 'user.city == "Springfield"')];
    await signIn({ claims: SPRINGFIELD });
    const before = [await memberships(), await gifts(), await movements()];
    await signIn({ claims: SPRINGFIELD });
    expect([await memberships(), await gifts(), await movements()]).toEqual(before);
  });

  test('leave a membership that was set by hand, and one that the provider gave', async () => {
    rules = [rule('0prA', 'user.city == "Springfield"')];
    await signIn({ claims: SPRINGFIELD });
    await rowsOf("update group_members set source = 'DIRECT'");
    await signIn({ claims: { city: 'Shelbyville' } });
    expect([await memberships(), await gifts()]).toEqual([[{ group_id: '00gStaff', source: 'DIRECT' }], []]);
    use({
      provisioning: { groups: { action: 'ASSIGN', assignments: ['00gStaff'], sourceAttributeName: null, filter: [] } },
    });
    await rowsOf('delete from group_members');
    await signIn({ claims: SPRINGFIELD });
    expect([await memberships(), (await gifts()).length]).toEqual([[{ group_id: '00gStaff', source: 'IDP' }], 1]);
  });

  test('give what the provider would take away', async () => {
    rules = [rule('0prA', 'user.city == "Springfield"')];
    use({
      provisioning: {
        groups: { action: 'SYNC', assignments: [], sourceAttributeName: 'Groups', filter: ['00gStaff'] },
      },
    });
    for (const _ of ['first', 'second'])
      expect(await signIn({ claims: { ...SPRINGFIELD, groups: [] }, request: REQUEST })).toMatchObject({
        assigned: true,
      });
    expect(await memberships()).toEqual([{ group_id: '00gStaff', source: 'RULE' }]);
  });
});

test('O7: the same subject of another issuer is another person', async () => {
  await signIn();
  expect((await rowsOf<{ issuer: string }>('select issuer from external_identities'))[0]?.issuer).toBe(ISSUER);
  await rowsOf("update external_identities set issuer = 'https://other.example'");
  expect(await signIn()).toMatchObject({ kind: 'refused', decision: { code: 'link_denied_already_linked' } });
});

test('every sign-in says in its trace what was mapped, matched, decided and written', async () => {
  await signIn();
  expect(steps.map(({ kind }) => kind)).toEqual([
    'attributes.mapped',
    'account.matched',
    'account.decided',
    'account.written',
  ]);
});
