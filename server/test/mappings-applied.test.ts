import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createModules, type Modules, prepareOrg } from '../src/composition/index.ts';
import type { Config } from '../src/config.ts';
import { inTransaction } from '../src/database/index.ts';
import { createJobs, type Jobs } from '../src/jobs/index.ts';
import { silentLogger } from '../src/shared/log.ts';
import { maintainPartitions } from '../src/system-log/index.ts';
import { ADMIN } from './support/app.ts';
import { testClock } from './support/clock.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PEOPLE = 2_000;
/** Below this number two people each are said to have the same badge. */
const PAIRS_BELOW = 400;
const NEVER = new AbortController().signal;
const clock = testClock();

let test: TestDatabase;
let house: Modules;
let orgId: string;
let caller: Any;
let idpId: string;
let mappingId: string;
let typeId: string;

const rows = async <R = Any>(text: string, ...values: unknown[]) =>
  (await test.database.query<R & object>({ text, values })).rows as R[];

beforeAll(async () => {
  test = await createTestDatabase();
  const config = {
    url: 'http://localhost:3000',
    secretKey: randomBytes(32),
    previousSecretKeys: [],
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    apiToken: null,
    allowEgress: [],
  } as unknown as Config;
  house = createModules({ config, database: test.database, clock, log: silentLogger });
  await maintainPartitions(test.database, clock.now());
  ({ orgId } = await prepareOrg(house));
  const admin = await house.users.get(orgId, ADMIN.email);
  typeId = admin.typeId;
  const actor = { id: admin.id, type: 'User', alternateId: ADMIN.email, displayName: 'Ada' };
  caller = { orgId, baseUrl: config.url, actor, requestId: 'req-1' };
  const endpoint = (path: string) => ({ url: `https://idp.example.com/${path}`, binding: 'HTTP-REDIRECT' });
  const { body } = await house.identityProviders.create(caller, {
    type: 'OIDC',
    name: 'Works',
    protocol: {
      type: 'OIDC',
      scopes: ['openid'],
      issuer: { url: 'https://idp.example.com' },
      endpoints: { authorization: endpoint('authorize'), token: endpoint('token'), jwks: endpoint('keys') },
      credentials: { client: { client_id: 'hub', client_secret: 'secret' } },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
    },
  });
  idpId = body.id!;
  const [mapping] = await rows('select id from profile_mappings where source_id = $1', idpId);
  mappingId = mapping.id;
  await inTransaction(test.database, (tx) =>
    tx.query({
      text: `with people as (
               select 'p' || lpad(n::text, 5, '0') as name, '00uPerson' || lpad(n::text, 11, '0') as id, n from generate_series(1, $4::int) n
             ), made as (
               insert into users (org_id, id, type_id, status, login_key, email_key, profile, created, created_by, last_updated)
               select $1, id, $3, 'ACTIVE', name || '@example.com', name || '@example.com',
                 jsonb_build_object('login', name || '@example.com', 'email', name || '@example.com', 'firstName', 'P', 'lastName', name), $5, 'jit', $5 from people
             )
             insert into external_identities (org_id, idp_id, issuer, subject, user_id, profile, created, last_updated)
             select $1, $2, 'https://idp.example.com', name, id,
               jsonb_build_object('email', name || '@example.com', 'town', 'Town ' || n, 'badge', 'B-' || case when n < $6 then n - n % 2 else n end), $5, $5 from people`,
      values: [orgId, idpId, typeId, PEOPLE, clock.now(), PAIRS_BELOW],
    }),
  );
}, 120_000);
afterAll(() => test?.drop());
beforeEach(() => clock.advance(60_000));

const map = (properties: object) => house.mappings.change(caller, mappingId, { properties } as Any, null);
const push = (expression: string) => ({ expression, pushStatus: 'PUSH' as const });
const count = async (where: string, ...values: unknown[]) =>
  (await rows(`select count(*)::int as count from ${where}`, ...values))[0].count;

describe('a mapping that is applied to everybody', () => {
  it('goes on after a crash, changes each person once and leaves one event each', async () => {
    const from = clock.now();
    await map({ city: push('appuser.town'), timezone: null });
    const { jobId } = await house.mappings.apply(caller, mappingId);
    await expect(house.mappings.apply(caller, mappingId)).rejects.toMatchObject({ status: 409 });

    let steps = 0;
    const { kind, step } = house.mappings.handler;
    const crashing: Jobs = createJobs({
      ...{ database: test.database, clock, log: silentLogger },
      handlers: () => [
        {
          kind,
          async step(tx, job) {
            const done = await step(tx, job);
            if (++steps === 2) throw new Error('The hub died.');
            return done;
          },
        },
      ],
    });
    await expect(crashing.run({ orgId, id: jobId }, NEVER)).rejects.toThrow('The hub died.');
    expect(await count("users where profile ->> 'city' like 'Town %'")).toBe(500);
    expect(await house.jobs.get(orgId, jobId)).toMatchObject({ done: 500, total: PEOPLE });

    await house.jobs.run({ orgId, id: jobId }, NEVER);
    expect(await house.jobs.get(orgId, jobId)).toMatchObject({ status: 'COMPLETED', done: PEOPLE, failed: 0 });
    expect(await count("users where profile ->> 'city' like 'Town %'")).toBe(PEOPLE);
    expect(await count("users where version = 2 and created_by = 'jit'")).toBe(PEOPLE);
    const events = await rows(
      `select subject_id, payload -> 'debugContext' -> 'debugData' as data from system_log
       where event_type = 'user.account.update_profile' and published >= $1`,
      from,
    );
    expect(new Set(events.map(({ subject_id }) => subject_id)).size).toBe(PEOPLE);
    expect([events.length, events[0].data]).toMatchObject([
      PEOPLE,
      { changedAttributes: 'city', source: idpId, job: jobId },
    ]);
    const person = await house.users.get(orgId, 'p00001@example.com');
    const { attributes } = await house.users.provenance(orgId, person.id);
    expect(attributes.find(({ attribute }) => attribute === 'city')).toMatchObject({
      value: 'Town 1',
      source: { id: idpId, name: 'Works' },
      jobId,
      by: { name: ADMIN.email },
    });
  }, 120_000);

  it('writes nothing where nothing changes, and lists per person what could not be stored', async () => {
    const schema = await house.schemas.compiledUserSchema(orgId);
    expect(schema.attributes.has('badge')).toBe(false);
    await house.schemas.change(
      caller,
      { kind: 'user', schemaId: 'default' },
      {
        definitions: {
          custom: {
            id: '#custom',
            type: 'object',
            properties: { badge: { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' } },
          },
        },
      },
      null,
    );
    await map({ badge: push('appuser.badge'), city: null });
    const { jobId } = await house.mappings.apply(caller, mappingId);
    await house.jobs.run({ orgId, id: jobId }, NEVER);
    // B-2 is said of 2 and 3, B-4 of 4 and 5, up to B-398: the first of each pair has it.
    const owners = PEOPLE - (PAIRS_BELOW / 2 - 1);
    const job = await house.jobs.get(orgId, jobId);
    expect(job).toMatchObject({ status: 'COMPLETED', done: PEOPLE, failed: PEOPLE - owners });
    expect(await count("users where profile ? 'badge'")).toBe(owners);
    expect(await count('attribute_values where is_unique')).toBe(owners);
    expect(await count("users where profile ? 'badge' and version = 3 and created_by = 'jit'")).toBe(owners);
    const [problem] = await house.jobs.problems(orgId, jobId, 0, 1);
    expect(problem).toMatchObject({ place: 'p00003@example.com', code: 'badge' });

    clock.advance(60_000);
    const again = await house.mappings.apply(caller, mappingId);
    await house.jobs.run({ orgId, id: again.jobId }, NEVER);
    expect(await count("users where version = 3 and created_by = 'jit'")).toBe(owners);
  }, 120_000);

  it('does not make an old word the last one', async () => {
    const login = 'p00007@example.com';
    const { id } = await house.users.get(orgId, login);
    await map({ nickName: push('appuser.town'), badge: null });
    await rows(
      `insert into user_profile_sources (org_id, user_id, source_id, "values", origins, last_updated)
       values ($1, $2, 'hub', '{"nickName": "Seven"}', '{}', $3)`,
      orgId,
      id,
      clock.now(),
    );
    await rows(`update users set profile = profile || '{"nickName": "Seven"}' where id = $1`, id);
    await house.schemas.change(
      caller,
      { kind: 'user', schemaId: 'default' },
      {
        definitions: { base: { id: '#base', type: 'object', properties: { nickName: { master: { type: 'OKTA' } } } } },
      },
      null,
    );
    const { jobId } = await house.mappings.apply(caller, mappingId);
    await house.jobs.run({ orgId, id: jobId }, NEVER);
    expect((await house.users.get(orgId, login)).profile.nickName).toBe('Seven');
    const [row] = await rows(
      'select origins from user_profile_sources where user_id = $1 and source_id = $2',
      id,
      idpId,
    );
    expect(new Date(row.origins.nickName.at).getTime()).toBeLessThan(clock.now().getTime() - 60_000);
  }, 120_000);
});

describe('administrators among everybody', () => {
  const login = 'p00011@example.com';
  const apply = async (by: Any) => {
    const { jobId } = (await house.mappings.apply(by, mappingId))!;
    await house.jobs.run({ orgId, id: jobId }, NEVER);
    return house.jobs.problems(orgId, jobId, 0, 10);
  };

  it('keep their address for whoever is no super administrator: a new password would go to the mapped one', async () => {
    const [boss, helper] = await Promise.all([
      house.users.get(orgId, login),
      house.users.get(orgId, 'p00012@example.com'),
    ]);
    await house.users.roles.grant(caller, boss.id, 'HELP_DESK_ADMIN');
    await house.users.roles.grant(caller, helper.id, 'ORG_ADMIN');
    await map({
      nickName: null,
      email: push("'taken.' + appuser.email"),
      secondEmail: push("'taken.' + appuser.email"),
    });
    const actor = { id: helper.id, type: 'User', alternateId: 'p00012@example.com', displayName: 'P' };
    const problems = await apply({ ...caller, actor });
    expect(problems.map(({ place, code }) => [place, code])).toEqual([
      [login, 'administrator'],
      ['p00012@example.com', 'administrator'],
    ]);
    expect((await house.users.get(orgId, login)).profile).toMatchObject({ email: login });
    expect((await house.users.get(orgId, 'p00013@example.com')).profile.email).toBe('taken.p00013@example.com');
    expect(await apply(caller)).toEqual([]);
    expect((await house.users.get(orgId, login)).profile.email).toBe(`taken.${login}`);
  }, 120_000);
});

describe('a preview', () => {
  const preview = (body: object) => house.mappings.preview(caller, mappingId, body as Any);
  const line = (result: Any, target: string) => result.properties.find((one: Any) => one.target === target);

  it('tells what the stored mapping and a draft would change for somebody, and writes nothing', async () => {
    const before = await rows('select * from users where login_key = $1', 'p00009@example.com');
    const result = await preview({
      userId: 'p00009@example.com',
      properties: {
        title: push("'Engineer of ' + appuser.town"),
        department: { expression: 'appuser.town', pushStatus: 'DONT_PUSH' },
        lastName: push("String.join('-', appuser.town, '012345678901234567890123456789012345678901234567890')"),
        costCenter: push('appuser.town +'),
        division: push('appuser.nothing'),
      },
    });
    expect(result).toMatchObject({ userName: 'p00009@example.com', asserted: expect.any(String) });
    expect(line(result, 'title')).toMatchObject({ from: null, to: 'Engineer of Town 9', refused: null, problem: null });
    expect(line(result, 'department')).toMatchObject({ value: 'Town 9', to: null, refused: { code: 'not_pushed' } });
    expect(line(result, 'lastName')).toMatchObject({ from: 'p00009', to: 'p00009', refused: { code: 'schema' } });
    expect(line(result, 'costCenter').problem).toMatchObject({ line: 1, column: expect.any(Number) });
    expect(line(result, 'division')).toMatchObject({ value: null, refused: null, problem: null });
    expect(await rows('select * from users where login_key = $1', 'p00009@example.com')).toEqual(before);
  });

  it('tells who goes before', async () => {
    const result = await preview({ userId: 'p00007@example.com', properties: { nickName: push('appuser.town') } });
    expect(line(result, 'nickName')).toMatchObject({
      value: 'Town 7',
      from: 'Seven',
      to: 'Seven',
      refused: { code: 'master' },
    });
  });

  it('takes a pasted profile: for somebody, and for somebody who would be created', async () => {
    const profile = { email: 'new@example.com', given_name: 'Nora', town: 'Nice' };
    const properties = { firstName: push('appuser.given_name'), city: push('appuser.town') };
    const created = await preview({ profile, properties });
    expect(created).toMatchObject({ userId: null, asserted: null, userName: 'new@example.com' });
    expect(line(created, 'firstName')).toMatchObject({ from: null, to: 'Nora', refused: null });
    expect(line(created, 'city')).toMatchObject({ to: 'Nice' });
    const known = await preview({ userId: 'p00009@example.com', profile, properties });
    expect(line(known, 'city')).toMatchObject({ from: 'Town 9', to: 'Nice' });
  });

  it('says what it needs', async () => {
    await expect(preview({})).rejects.toMatchObject({ errorCode: 'E0000001' });
    await expect(preview({ userId: ADMIN.email })).rejects.toMatchObject({ errorCode: 'E0000001' });
    await expect(preview({ userId: 'nobody@example.com' })).rejects.toMatchObject({ errorCode: 'E0000007' });
  });
});
