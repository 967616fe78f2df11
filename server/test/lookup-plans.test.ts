/**
 * Every statement that sign-ins, tokens, sessions and lookups by API prepare is read from an index by more than the org, and every page of
 * a list that grows with the people from where it begins. What was prepared is asked of the database itself, and pages are overheard, so
 * a new statement is looked at without being named here.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillGroups, fillPeople, readOrg } from '../../bench/src/directory/load.ts';
import { startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, CLAIMS, type Federation, federate, redeem } from './support/federation.ts';
import { nodesOf, type Plan, planOf } from './support/plans.ts';
import { queriesDuring } from './support/statements.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

let hub: TestHub;
let provider: StubProvider;
let federation: Federation;
let client: pg.Client;
/** The table of each index. */
let tableOf: ReadonlyMap<string, string>;

beforeAll(async () => {
  hub = await startHub();
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
  client = new pg.Client(hub.databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ name: string; table: string }>(
    `select indexname as name, tablename as table from pg_indexes where schemaname = 'public'`,
  );
  tableOf = new Map(rows.map(({ name, table }) => [name, table]));
  const org = await readOrg(client);
  await fillGroups(client, org, hub.clock.now());
  await fillPeople(client, org, { from: 0, to: 4_000, at: new Date('2026-01-01T00:00:00Z') });
}, 120_000);
afterAll(async () => {
  await client?.end();
  await provider?.close();
  await hub?.close();
});

/** Tables with rows of every person, sign-in or token. */
const GROWING = new Set([
  ...['users', 'external_identities', 'user_profile_sources', 'attribute_values', 'user_tokens'],
  ...['group_members', 'group_rule_members', 'app_users', 'sessions', 'grants', 'tokens', 'client_tokens'],
  ...['sign_in_transactions', 'sign_in_traces', 'session_tokens', 'consumed_once', 'password_attempts'],
]);

/** Gives a table as many rows as a directory in use has, like its first one, each of another person. What tells them apart is SQL over the number n. */
async function multiply(table: string, own: Record<string, string>): Promise<void> {
  const changes = Object.entries(own).map(([column, sql]) => `'${column}', ${sql}`);
  const at = hub.clock.now();
  const blank = {
    ...{ org_id: '', app_id: 'a', group_id: 'g', rule_id: 'r', audience: 'hub', scopes: [], failures: 1 },
    ...{ created: at, expires: at, first_failure: at, last_failure: at, consecutive: 0 },
  };
  await client.query(
    `insert into ${table} select (jsonb_populate_record(null::${table},
       coalesce((select to_jsonb(t) from ${table} t limit 1), $1::jsonb) || jsonb_build_object('org_id', o.id, ${changes.join(', ')}))).*
     from orgs o, generate_series(1, 4000) as n`,
    [JSON.stringify(blank)],
  );
}

const person = `'00u0' || lpad(n::text, 16, '0')`;
const numbered = `'n' || n`;
const digest = `'\\x' || md5(n::text) || md5((-n)::text)`;

async function multiplyAll(): Promise<void> {
  await multiply('external_identities', { subject: numbered, user_id: person });
  await multiply('user_profile_sources', { user_id: person });
  await multiply('app_users', { user_id: person, app_id: numbered });
  await multiply('sessions', { id: numbered, secret_sha256: digest, user_id: person });
  await multiply('grants', { id: numbered, code_sha256: digest, user_id: person, session_id: numbered });
  await multiply('tokens', { id: numbered, secret_sha256: digest, grant_id: numbered });
  await multiply('client_tokens', { id: numbered, secret_sha256: digest });
  await multiply('session_tokens', { secret_sha256: digest, user_id: person });
  await multiply('user_tokens', { purpose: numbered, token_sha256: digest, user_id: person });
  await multiply('group_rule_members', { user_id: person });
  await multiply('password_attempts', { key: numbered });
  await multiply('sign_in_traces', { id: numbered, user_id: person });
  await client.query('vacuum analyze');
  // Small tables may be read whole: the planner is made to believe in as many rows as a million people have.
  await client.query(
    `update pg_class c set reltuples = c.reltuples * 250 from pg_class t left join pg_index i on i.indrelid = t.oid
     where c.oid in (t.oid, i.indexrelid) and t.relname = any($1)`,
    [[...GROWING]],
  );
}

const isScan = (node: Plan) => / Scan$/.test(node['Node Type']) && node['Node Type'] !== 'Bitmap Heap Scan';
const isNarrow = (node: Plan) => /\b(?!org_id\b)\w+\b *(?:=|@>|<|>)/.test(node['Index Cond'] ?? '');
const words = (node: Plan) =>
  `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name']} ${node['Index Cond'] ?? ''}`;

/** Reads of growing tables within a part of a plan. */
const scansOf = (plan: Plan): Plan[] =>
  nodesOf(plan)
    .filter(isScan)
    .filter((node) => GROWING.has(node['Relation Name'] ?? tableOf.get(node['Index Name'] ?? '') ?? ''));

/** What the hub's connections that are at rest have prepared by now, by name. */
async function prepared(): Promise<Map<string, string>> {
  const { pool } = hub.database;
  const connections = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  const found = new Map<string, string>();
  for (const connection of connections) {
    const { rows } = await connection.query('select name, statement from pg_prepared_statements');
    for (const { name, statement } of rows) found.set(name, statement);
    connection.release();
  }
  return found;
}

const subject = async (idpId: string, change: Record<string, unknown>) => {
  const idp = await hub.api<{ policy: { subject: object } }>('GET', `/api/v1/idps/${idpId}`);
  const policy = { ...idp.policy, subject: { ...idp.policy.subject, ...change } };
  await hub.api('PUT', `/api/v1/idps/${idpId}`, { ...idp, policy });
};

async function signIn(claims: object) {
  hub.clock.advance(1_000);
  provider.claims = { ...CLAIMS, ...claims };
  const browser = createBrowser();
  const { url, verifier } = authorizeUrl(hub, federation.clientId, { scope: 'openid profile email offline_access' });
  const back = await atProvider(hub, provider, browser, await browser.get(url));
  const code = new URL(back.location!).searchParams.get('code')!;
  const { body } = await redeem(hub, federation, code, verifier);
  expect(Object.keys(body)).toContain('refresh_token');
  return { browser, tokens: body };
}

it('no statement of theirs walks through everybody', async () => {
  const form = (path: string, body: Record<string, string>) =>
    fetch(`${hub.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${federation.clientId}:${federation.clientSecret}`).toString('base64')}`,
      },
      body: new URLSearchParams(body),
    });
  // Somebody new, the same person again with other values, and matches of each kind.
  const { browser, tokens } = await signIn({ sub: 'one', email: 'one@example.com' });
  await signIn({ sub: 'one', email: 'one@example.com', fname: 'Other' });
  for (const matchType of ['USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL']) {
    await subject(federation.idpId, { matchType });
    await signIn({ sub: matchType, email: `${matchType}@example.com`.toLowerCase() });
  }
  await subject(federation.idpId, { matchType: 'CUSTOM_ATTRIBUTE', matchAttribute: 'idme_uuid' });
  await signIn({ sub: 'custom', email: 'custom@example.com' });

  expect((await browser.get(`${hub.url}/account`)).status).toBe(200);
  expect((await browser.post(`${hub.url}/account/sign-out-elsewhere`, {})).status).toBe(303);

  const bearer = { headers: { authorization: `Bearer ${tokens.access_token}` } };
  expect((await fetch(`${hub.url}/oauth2/v1/userinfo`, bearer)).status).toBe(200);
  expect((await form('/oauth2/v1/introspect', { token: tokens.access_token! })).status).toBe(200);
  const again = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! };
  expect((await form('/oauth2/v1/token', again)).status).toBe(200);
  expect((await form('/oauth2/v1/revoke', { token: tokens.access_token! })).status).toBe(200);
  expect((await browser.get(`${hub.url}/`)).status).toBe(200);
  await browser.get(authorizeUrl(hub, federation.clientId).url);

  const { id: oneId } = await hub.api<{ id: string }>('GET', '/api/v1/users/one@example.com');
  await hub.api('POST', `/api/v1/apps/${federation.clientId}/users`, { id: oneId, scope: 'USER' });
  const profile = { firstName: 'Pia', lastName: 'Pass', login: 'pia@example.com', email: 'pia@example.com' };
  const password = { value: 'Abcd1234#@' };
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/users', { profile, credentials: { password } });
  const local = { username: profile.login, password: password.value };
  const { sessionToken } = await hub.api<{ sessionToken: string }>('POST', '/api/v1/authn', local);
  await hub.api('POST', '/api/v1/sessions', { sessionToken });
  for (const path of ['', '/groups', '/appLinks', '/idps']) await hub.api('GET', `/api/v1/users/${id}${path}`);
  await hub.api('GET', `/api/v1/users/${profile.login}`);
  await hub.api('POST', `/api/v1/users/${id}`, { profile: { city: 'Ghent' } });

  const statements = await prepared();
  expect([...statements.keys()]).toEqual(
    expect.arrayContaining([
      ...['sign_in_account_read', 'sign_in_credentials', 'session_find', 'users_by_login', 'users_by_id'],
      ...['code_redeem', 'refresh_token_rotate', 'token_find'],
    ]),
  );
  await multiplyAll();
  const wide: string[] = [];
  let reads = 0;
  for (const [name, text] of statements) {
    if (!/^\s*(?:select|with|update|delete|insert)\b/i.test(text)) continue;
    // The plan that serves every value of its parameters.
    const found = scansOf(await planOf(client, text, 'generic'));
    reads += found.length;
    wide.push(...found.filter((node) => !isNarrow(node)).map((node) => `${name}: ${words(node)}`));
  }
  expect(wide).toEqual([]);
  expect(reads).toBeGreaterThan(40);
}, 60_000);

it('no page of a list reads or sorts everybody', async () => {
  const { idpId, clientId } = federation;
  const [everyone] = await hub.api<{ id: string }[]>('GET', '/api/v1/groups?q=Everyone');
  const somebody = `00u0${'2001'.padStart(16, '0')}`;
  const paths = [
    ...['', `&after=${somebody}`].flatMap((after) => [
      ...[`/api/v1/groups/00g0${'3'.padStart(16, '0')}`, `/api/v1/groups/${everyone!.id}`, `/api/v1/idps/${idpId}`].map(
        (of) => `${of}/users?limit=50${after}`,
      ),
      `/api/v1/apps/${clientId}/users?limit=50${after}`,
    ]),
    ...['groups', 'appLinks', 'idps', 'clients', 'grants'].map((of) => `/api/v1/users/${somebody}/${of}`),
    `/api/gatehouse/v1/users/${somebody}/provenance`,
    '/api/v1/groups?limit=50&expand=stats',
    ...['', '&outcome=FAILURE', `&userId=${somebody}`].map((only) => `/api/gatehouse/v1/sign-ins?limit=50${only}`),
  ];
  // Whose reads an index has to begin at what is asked for, however their rows are ordered.
  const picked = /outcome=|userId=/;
  const wide: string[] = [];
  for (const path of paths) {
    const queries = await queriesDuring(hub.database, () => hub.api('GET', path));
    for (const { text, values } of queries) {
      if (!/^\s*(?:select|with)\b/i.test(text)) continue;
      const plan = await planOf(client, text, values);
      const sorted = nodesOf(plan).filter((node) => /Sort$/.test(node['Node Type']));
      const scans = [
        ...scansOf(plan).filter((node) => node['Node Type'] === 'Seq Scan' || (picked.test(path) && !isNarrow(node))),
        ...sorted.flatMap(scansOf).filter((node) => !isNarrow(node)),
      ];
      wide.push(...scans.map((node) => `${path}: ${words(node)}`));
    }
  }
  expect(wide).toEqual([]);
});
