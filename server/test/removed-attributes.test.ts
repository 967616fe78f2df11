/** An attribute goes from a schema at once, however many have values of it; the values go in steps, and nobody reads them meanwhile. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const PEOPLE = 1_500;
const USERS = '/api/v1/meta/schemas/user/default';
const GROUPS = '/api/v1/meta/schemas/group/default';
const JOBS = '/api/gatehouse/v1/jobs';

let hub: TestHub;
let other: pg.Client;

beforeEach(async () => {
  hub = await startHub();
  other = new pg.Client(hub.databaseUrl);
  await other.connect();
});
afterEach(async () => {
  await other?.end();
  await hub?.close();
});

const change = (schema: string, properties: object) =>
  hub.call('POST', schema, { definitions: { custom: { properties } } }) as Promise<{ status: number; body: Any }>;
const causes = (body: Any): string[] => body.errorCauses.map((cause: Any) => cause.errorSummary);
const rows = async (text: string): Promise<Any[]> => (await hub.database.query<Any>({ text, values: [] })).rows;
const left = async () =>
  (
    await rows(`select (select count(*) from users where profile ?| '{gone,badge}') as profiles,
      (select count(*) from user_profile_sources where "values" ?| '{gone,badge}' or origins ?| '{gone,badge}') as said,
      (select count(*) from attribute_values where attribute = 'badge') as values`)
  )[0];

/** Each with a value of `gone` and one of `badge`, which is unique; what the hub said of them stands beside. */
async function fillPeople(people: number): Promise<void> {
  await change(USERS, { gone: { type: 'string' }, badge: { type: 'string', unique: 'UNIQUE_VALIDATED' } });
  await other.query(
    `with one as (select * from users limit 1), made as (
       insert into users (org_id, id, type_id, status, login_key, email_key, profile, created, created_by, last_updated)
       select org_id, '00uP' || lpad(n::text, 16, '0'), type_id, 'ACTIVE', 'p' || n || '@example.com', 'p' || n || '@example.com',
         jsonb_build_object('login', 'p' || n || '@example.com', 'email', 'p' || n || '@example.com', 'firstName', 'P', 'lastName', 'L',
           'gone', 'G' || n, 'badge', 'B' || n), created, 'jit', created from one, generate_series(1, $1::int) n returning *
     ), said as (
       insert into user_profile_sources (org_id, user_id, source_id, "values", origins, last_updated)
       select org_id, id, 'hub', profile, jsonb_build_object('gone', jsonb_build_object('at', created)), created from made)
     insert into attribute_values (org_id, schema_id, attribute, value_key, user_id, is_unique)
     select made.org_id, s.id, 'badge', lower(profile->>'badge'), made.id, true from made
     join profile_schemas s on s.org_id = made.org_id and s.owner_id = made.type_id`,
    [people],
  );
}

const personAt = (n: number) => `00uP${String(n).padStart(16, '0')}`;
/** Whoever wants to write this person waits until the returned function is called. */
async function hold(table: 'users' | 'groups', id: string): Promise<() => Promise<unknown>> {
  await other.query('begin');
  await other.query(`select 1 from ${table} where id = $1 for update`, [id]);
  return () => other.query('rollback');
}
const removals = () => hub.api<Any[]>('GET', `${JOBS}?kind=attribute-removal`);
async function removal(): Promise<Any> {
  const [job] = await removals();
  return job;
}
const ended = () =>
  vi.waitFor(async () => expect(await removal()).toMatchObject({ status: 'COMPLETED' }), { timeout: 30_000 });

describe('an attribute that more than a thousand people have', () => {
  it('is gone at once for everybody who reads, and its values go in a job', async () => {
    await fillPeople(PEOPLE);
    const release = await hold('users', personAt(7));
    const removed = await change(USERS, { gone: null, badge: null });
    expect([removed.status, Object.keys(removed.body.definitions.custom.properties)]).toEqual([200, []]);
    expect(await hub.events('directory.user_profile.update')).toHaveLength(2);
    expect(await left()).toEqual({ profiles: PEOPLE, said: PEOPLE, values: PEOPLE });

    const shown = ['login', 'email', 'firstName', 'lastName', 'mobilePhone', 'secondEmail'].sort();
    const namesOf = (user: Any) => Object.keys(user.profile).sort();
    expect(namesOf(await hub.api('GET', `/api/v1/users/${personAt(8)}`))).toEqual(shown);
    const listed = await hub.api<Any[]>('GET', '/api/v1/users?q=p9@example.com');
    expect(listed.map(namesOf)).toEqual([shown]);
    for (const attribute of ['gone', 'badge']) {
      const search = encodeURIComponent(`profile.${attribute} pr`);
      expect((await hub.call('GET', `/api/v1/users?search=${search}`)).status).toBe(400);
    }
    const { attributes } = await hub.api<Any>('GET', `/api/gatehouse/v1/users/${personAt(8)}/provenance`);
    expect(attributes.map(({ attribute }: Any) => attribute)).not.toContain('gone');
    const check = { expression: 'user.gone == "G8"', user: personAt(8) };
    expect((await hub.call('POST', '/api/gatehouse/v1/group-rules/check', check)).body).toMatchObject({
      matches: false,
    });
    const changed = await hub.api<Any>('POST', `/api/v1/users/${personAt(9)}`, { profile: { nickName: 'Nine' } });
    expect(namesOf(changed)).toEqual([...shown, 'nickName'].sort());

    const job = await removal();
    expect(job).toMatchObject({ title: 'Remove the values of the removed attributes gone, badge' });
    for (const name of ['gone', 'badge']) {
      const again = await change(USERS, { [name]: { type: 'integer' }, fresh: { type: 'string' } });
      expect([again.status, causes(again.body)]).toEqual([
        400,
        [
          `${name}: cannot be added yet, the job ${job.id} still removes the values of the former attribute of this name: add it when that job has ended`,
        ],
      ]);
    }
    expect((await change(USERS, { fresh: { type: 'string' } })).status).toBe(200);
    expect((await change(GROUPS, { gone: { type: 'string' } })).status).toBe(200);

    await release();
    await ended();
    expect(await removal()).toMatchObject({ total: PEOPLE, done: PEOPLE, failed: 0 });
    expect(await left()).toEqual({ profiles: 0, said: 0, values: 0 });
    expect((await change(USERS, { gone: { type: 'integer' }, badge: { type: 'string' } })).status).toBe(200);
    expect(namesOf(await hub.api('GET', `/api/v1/users/${personAt(8)}`))).toEqual(shown);
    await hub.api('POST', `/api/v1/users/${personAt(8)}`, { profile: { gone: 8, badge: 'B9' } });
  });

  it('stays gone when a step fails half-way: the job goes on where it stopped', async () => {
    await fillPeople(PEOPLE);
    const release = await hold('users', personAt(1_200));
    await change(USERS, { gone: null, badge: null });
    const waiting = `select pid from pg_stat_activity where datname = current_database() and wait_event in ('transactionid', 'tuple')`;
    await vi.waitFor(async () => expect(await rows(waiting)).toHaveLength(1), { timeout: 20_000 });
    expect(await left()).toEqual({ profiles: 500, said: 500, values: 500 });
    const { id } = await removal();
    await rows(`select pg_terminate_backend(pid) from (${waiting}) w`);
    await vi.waitFor(async () => expect((await rows('select attempts from jobs'))[0].attempts).toBe(1));
    expect(await left()).toEqual({ profiles: 500, said: 500, values: 500 });
    expect((await change(USERS, { gone: { type: 'string' } })).status).toBe(400);
    await release();
    await ended();
    expect(await left()).toEqual({ profiles: 0, said: 0, values: 0 });
    expect(await removal()).toMatchObject({ id, total: PEOPLE, done: PEOPLE });
    expect((await change(USERS, { gone: { type: 'string' } })).status).toBe(200);
  });

  it('is removed by a job that may rest, but not be ended early', async () => {
    await fillPeople(PEOPLE);
    const release = await hold('users', personAt(1));
    await change(USERS, { gone: null });
    const job = await removal();
    expect(Object.keys(job._links)).not.toContain('cancel');
    await release();
    await ended();
    expect((await hub.call('POST', `${JOBS}/${job.id}/lifecycle/cancel`)).status).toBe(409);
  });
});

describe('an attribute that few people have', () => {
  it('goes with its values in one transaction, and its name is free at once', async () => {
    await fillPeople(3);
    expect((await change(USERS, { gone: null, badge: null })).status).toBe(200);
    expect(await left()).toEqual({ profiles: 0, said: 0, values: 0 });
    expect(await removals()).toEqual([]);
    expect((await change(USERS, { gone: { type: 'integer' } })).status).toBe(200);
    expect((await hub.api<Any>('GET', `/api/v1/users/${personAt(1)}`)).profile).not.toHaveProperty('gone');
  });
});

describe('an attribute that more than a thousand groups have', () => {
  it('is gone at once for everybody who reads, and its values go in a job', async () => {
    await change(GROUPS, { gone: { type: 'string' } });
    const { id } = await hub.api<Any>('POST', '/api/v1/groups', { profile: { name: 'first', gone: 'x' } });
    await other.query(
      `insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated)
       select org_id, '00gG' || lpad(n::text, 16, '0'), type, 'g' || n, jsonb_build_object('name', 'g' || n, 'gone', 'x'), created, created, created
       from groups, generate_series(1, $1::int) n where id = $2`,
      [PEOPLE, id],
    );
    const holders = async () => (await rows(`select count(*) as n from groups where profile ? 'gone'`))[0].n;
    const release = await hold('groups', id);
    expect((await change(GROUPS, { gone: null })).status).toBe(200);
    expect(await holders()).toBe(PEOPLE + 1);
    expect((await hub.api<Any>('GET', `/api/v1/groups/${id}`)).profile).toEqual({ name: 'first', description: null });
    expect((await change(GROUPS, { gone: { type: 'string' } })).status).toBe(400);
    await release();
    await ended();
    expect(await holders()).toBe(0);
    expect((await change(GROUPS, { gone: { type: 'string' } })).status).toBe(200);
  });
});
