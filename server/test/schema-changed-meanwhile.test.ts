/** Profiles that are written while their schema changes: each is checked against the schema that stands when both are done. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../src/database/index.ts';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, CLAIMS, type Federation, federate } from './support/federation.ts';
import { importsOf } from './support/imports.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

const USERS = '/api/v1/meta/schemas/user/default';
const GROUPS = '/api/v1/meta/schemas/group/default';

type Answer = { status: number; body: unknown };
type Wire = { id: string; profile: Record<string, unknown> };

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
});
afterAll(async () => {
  await provider?.close();
  await hub?.close();
});

const change = (path: string, properties: Record<string, unknown>) =>
  hub.call('POST', path, { definitions: { custom: { id: '#custom', type: 'object', properties } } });
const person = (more: Record<string, unknown> = {}) => {
  const login = `person${count++}@example.com`;
  return { login, email: login, firstName: 'Ada', lastName: 'Lovelace', ...more };
};
const create = (profile: Record<string, unknown>) => hub.call('POST', '/api/v1/users', { profile });
const read = async (kind: 'users' | 'groups', { id }: Wire) =>
  (await hub.api<Wire>('GET', `/api/v1/${kind}/${id}`)).profile;
const causes = ({ body }: Answer) =>
  ((body as { errorCauses?: { errorSummary: string }[] }).errorCauses ?? []).map(({ errorSummary }) => errorSummary);

/** How many wait for a row; the queue of jobs may do so too. */
async function waiting(): Promise<number> {
  const { rows } = await hub.database.query({
    text: `select 1 from pg_stat_activity where datname = current_database()
             and wait_event in ('transactionid', 'tuple') and query not like '%private_jobs%'`,
    values: [],
  });
  return rows.length;
}

/** The schema is changed, and before that change is done, somebody writes. */
async function meanwhile<T>(changing: () => Promise<Answer>, writing: () => Promise<T>): Promise<T> {
  const done: string[] = [];
  const note = async <R>(name: string, work: Promise<R>) => {
    const result = await work;
    done.push(name);
    return result;
  };
  let changed: Promise<Answer> | undefined;
  let written: Promise<T> | undefined;
  await inTransaction(hub.database, async (tx) => {
    // The last row that a change of configuration needs.
    await tx.query({ text: 'select 1 from orgs for update', values: [] });
    changed = changing();
    await expect.poll(waiting).toBe(1);
    written = note('written', writing());
    await expect.poll(async () => done.length > 0 || (await waiting()) > 1).toBe(true);
  });
  expect((await changed!).status).toBe(200);
  return written!;
}

describe('while an attribute is removed', () => {
  let ada: Wire;
  let group: Wire;

  beforeEach(async () => {
    await change(USERS, { tmp: { title: 'Tmp', type: 'string' } });
    await change(GROUPS, { tmp: { title: 'Tmp', type: 'string' } });
    ada = (await create(person())).body as Wire;
    group = (await hub.call('POST', '/api/v1/groups', { profile: { name: `Group ${count++}` } })).body as Wire;
  });
  const gone = (path: string) => () => change(path, { tmp: null });

  it('nobody is created with it', async () => {
    const answer = await meanwhile(gone(USERS), () => create(person({ tmp: 'x' })));
    expect([answer.status, causes(answer)]).toEqual([400, ["Property name 'tmp' is not defined in profile"]]);
  });
  it('nobody gets it', async () => {
    const path = `/api/v1/users/${ada.id}`;
    const answer = await meanwhile(gone(USERS), () => hub.call('POST', path, { profile: { tmp: 'x' } }));
    expect([answer.status, await read('users', ada)]).toEqual([400, ada.profile]);
  });
  it('whoever has no value of it is created and changed', async () => {
    const profile = person();
    const answer = await meanwhile(gone(USERS), () => create(profile));
    expect(answer).toMatchObject({ status: 200, body: { profile } });
    await change(USERS, { tmp: { title: 'Tmp', type: 'string' } });
    const changed = await meanwhile(gone(USERS), () =>
      hub.call('POST', `/api/v1/users/${ada.id}`, { profile: { city: 'Ghent' } }),
    );
    expect(changed).toMatchObject({ status: 200, body: { profile: { ...ada.profile, city: 'Ghent' } } });
  });
  it('no group is created with it, and none gets it', async () => {
    const body = { profile: { name: `Group ${count++}`, tmp: 'x' } };
    expect((await meanwhile(gone(GROUPS), () => hub.call('POST', '/api/v1/groups', body))).status).toBe(400);
    await change(GROUPS, { tmp: { title: 'Tmp', type: 'string' } });
    const path = `/api/v1/groups/${group.id}`;
    expect((await meanwhile(gone(GROUPS), () => hub.call('PUT', path, body))).status).toBe(400);
    expect(await read('groups', group)).toEqual(group.profile);
  });
  it('groups without it are created', async () => {
    const body = { profile: { name: `Group ${count++}` } };
    expect((await meanwhile(gone(GROUPS), () => hub.call('POST', '/api/v1/groups', body))).status).toBe(200);
  });
});

describe('while an attribute becomes unique', () => {
  let name: string;

  beforeEach(async () => {
    name = `badge${count++}`;
    await change(USERS, { [name]: { title: 'Badge', type: 'string' } });
  });
  const unique = () => change(USERS, { [name]: { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' } });

  it('nobody is created with a value that somebody has', async () => {
    await create(person({ [name]: 'B-1' }));
    const answer = await meanwhile(unique, () => create(person({ [name]: 'b-1' })));
    expect(answer.status).toBe(400);
    expect((await meanwhile(unique, () => create(person({ [name]: 'B-2' })))).status).toBe(200);
  });
  it('the value of somebody who is created or changed is taken afterwards', async () => {
    expect((await meanwhile(unique, () => create(person({ [name]: 'B-1' })))).status).toBe(200);
    expect((await create(person({ [name]: 'B-1' }))).status).toBe(400);
  });
  it('a row of an import with a value that somebody has is refused', async () => {
    await create(person({ [name]: 'B-1' }));
    const people = [person(), person()];
    const imports = importsOf(hub);
    const rows = people.map(({ login, email }, at) => `${login},${email},Ada,Lovelace,B-${at + 1}`);
    const { id } = await imports.upload(`login,email,firstName,lastName,${name}\n${rows.join('\n')}\n`);
    await imports.check(id);
    // The queue is free.
    const indexing = `select 1 from graphile_worker.jobs where task_identifier = 'index-attributes'`;
    await expect.poll(async () => (await hub.database.query({ text: indexing, values: [] })).rowCount).toBe(0);
    const { totals } = await meanwhile(unique, () => imports.run(id));
    expect(totals).toMatchObject({ create: 1, error: 1 });
    expect((await create(person({ [name]: 'B-2' }))).status).toBe(400);
  });
  it('the value that a federated sign-in brings is taken afterwards', async () => {
    const [mapping] = await hub.api<Wire[]>('GET', `/api/v1/mappings?sourceId=${federation.idpId}`);
    await hub.api('POST', `/api/v1/mappings/${mapping!.id}`, {
      properties: { [name]: { expression: 'appuser.uuid', pushStatus: 'PUSH' } },
    });
    provider.claims = { ...CLAIMS, uuid: 'B-1' };
    const browser = createBrowser();
    const away = await browser.get(authorizeUrl(hub, federation.clientId).url);
    const back = await meanwhile(unique, () => atProvider(hub, provider, browser, away));
    expect(back.location).toContain('code=');
    expect((await create(person({ [name]: 'B-1' }))).status).toBe(400);
    expect((await create(person({ [name]: 'B-2' }))).status).toBe(200);
  });
});

describe('a value that no attribute stands for any more', () => {
  it('is in nobody’s way, and goes with the next change', async () => {
    const ada = (await create(person())).body as Wire;
    await hub.database.query({
      text: `update users set profile = profile || '{"stray":"x"}' where id = $1`,
      values: [ada.id],
    });
    const path = `/api/v1/users/${ada.id}`;
    expect((await hub.call('POST', path, { profile: { stray: 'y' } })).status).toBe(400);
    expect(await hub.call('POST', path, { profile: { city: 'Ghent' } })).toMatchObject({ status: 200 });
    expect(await read('users', ada)).toEqual({ ...ada.profile, city: 'Ghent' });
  });
});
