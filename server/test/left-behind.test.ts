/** What earlier versions left behind of deleted objects is removed when the hub is updated (migration 0035); everything else stays. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestHub } from './support/app.ts';
import { createStage, type Stage } from './support/journey.ts';
import { orphansIn } from './support/orphans.ts';

const MIGRATION = new URL('../src/database/migrations/0035-left-behind.sql', import.meta.url);
const TABLES = [
  ...['external_identities', 'group_members', 'group_rule_members', 'app_users', 'app_groups', 'app_scope_grants'],
  ...[
    'client_roles',
    'idp_signing_keys',
    'user_profile_sources',
    'user_roles',
    'api_tokens',
    'sessions',
    'grants',
    'tokens',
  ],
];

let stage: Stage;
let hub: TestHub;

beforeAll(async () => {
  stage = await createStage();
  hub = stage.hub;
});
afterAll(() => stage?.close());

const run = (text: string, values: unknown[] = []) => hub.database.query<{ row: unknown }>({ text, values });
const migrated = async () => hub.database.pool.query(await readFile(MIGRATION, 'utf8'));

async function rows(): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of TABLES)
    all[table] = (await run(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)).rows;
  return all;
}

it('nothing but what names something that is gone', async () => {
  stage.provider.claims = stage.newPerson();
  const { sub: userId } = await stage.signsIn();
  const group = await hub.api<{ id: string }>('POST', '/api/v1/groups', { profile: { name: 'Staff' } });
  await hub.api('PUT', `/api/v1/groups/${group.id}/users/${userId}`);
  const [app] = await hub.api<{ id: string }[]>('GET', '/api/v1/apps');
  await hub.api('PUT', `/api/v1/apps/${app!.id}/groups/${group.id}`, {});
  await hub.api('POST', `/api/v1/apps/${app!.id}/grants`, { scopeId: 'okta.users.read' });
  const before = await rows();
  expect(before.app_users).toHaveLength(1);
  await migrated();
  expect(await rows()).toEqual(before);

  // A copy of every row, once for each of the objects that it names.
  for (const [table, column, gone, other] of [
    ['external_identities', 'user_id', '00uGone', `'subject' || subject`],
    ['external_identities', 'idp_id', '0oaGone', `'subject' || subject`],
    ['group_members', 'user_id', '00uGone'],
    ['group_members', 'group_id', '00gGone'],
    ['app_users', 'user_id', '00uGone'],
    ['app_users', 'app_id', '0oaGone'],
    ['app_groups', 'group_id', '00gGone'],
    ['app_groups', 'app_id', '0oaGone'],
    ['app_scope_grants', 'app_id', '0oaGone'],
    ['user_profile_sources', 'user_id', '00uGone'],
    ['user_roles', 'user_id', '00uGone'],
  ] as const) {
    const copy = { [column]: gone };
    const subject = other === undefined ? `'{}'::jsonb` : `jsonb_build_object('subject', ${other})`;
    await run(
      `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(t) || $1::jsonb || ${subject})).* from ${table} t on conflict do nothing`,
      [JSON.stringify(copy)],
    );
  }
  expect(await orphansIn(hub)).toContain('external_identities.user_id');
  await migrated();
  expect(await orphansIn(hub)).toEqual([]);
  expect(await rows()).toEqual(before);
  const { rowCount } = await run(`select 1 from tombstones where kind = 'external_identity'`);
  expect(rowCount).toBeGreaterThan(0);
});
