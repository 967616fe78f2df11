/** Every documented way to list, search and find is read from an index that begins where the answer begins: nobody breaks that unseen. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CUSTOM_ATTRIBUTES, type Filled, fillGroups, fillPeople, readOrg } from '../../bench/src/directory/load.ts';
import { createModules } from '../src/composition/index.ts';
import { selectionOf as groupSelection } from '../src/directory/groups/search.ts';
import { type ListQuery, selectionsOf } from '../src/directory/users/search/selection.ts';
import { silentLogger } from '../src/shared/log.ts';
import { startHub, type TestHub } from './support/app.ts';
import { nodesOf, planOf } from './support/plans.ts';

let hub: TestHub;
let client: pg.Client;
let filled: Filled;
let house: ReturnType<typeof createModules>;

beforeAll(async () => {
  hub = await startHub();
  await hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: { custom: { id: '#custom', type: 'object', properties: CUSTOM_ATTRIBUTES } },
  });
  house = createModules({ config: hub.config, database: hub.database, clock: hub.clock, log: silentLogger });
  await house.users.keepAttributeIndexes();
  client = new pg.Client(hub.databaseUrl);
  await client.connect();
  filled = await readOrg(client);
  await fillGroups(client, filled, hub.clock.now());
  await fillPeople(client, filled, { from: 0, to: 4_000, at: new Date('2026-01-01T00:00:00Z') });
  await client.query('vacuum analyze');
  // A small table may be read whole; here the question is whether there is another way.
  await client.query('set enable_seqscan = off');
});
afterAll(async () => {
  await client?.end();
  await hub?.close();
});

/** The leaves of a statement's plan: an index with its condition, or the kind of node that it is. */
async function leavesOf(text: string, values: unknown[]): Promise<string[]> {
  return nodesOf(await planOf(client, text, values))
    .filter(({ Plans }) => Plans === undefined)
    .map((leaf) => `${leaf['Index Name'] ?? leaf['Node Type']} ${leaf['Index Cond'] ?? ''}`);
}

async function leavesOfList(query: ListQuery): Promise<string[]> {
  const schemas = await house.schemas.userSchemas(filled.orgId);
  const found: string[] = [];
  for (const { where, orderBy, values } of selectionsOf(filled.orgId, query, schemas))
    found.push(
      ...(await leavesOf(
        `select profile from users where org_id = $1 and ${where} order by ${orderBy} limit 1001`,
        values,
      )),
    );
  return found;
}

const cursor = (key: string | null, id: string) => Buffer.from(JSON.stringify([key, id])).toString('base64url');
const SOMEBODY = '00u00000000000002000';

describe('users', () => {
  it.each<[string, ListQuery, RegExp[]]>([
    ['the plain list', {}, [/^users_(present|pkey) /]],
    ['its page 1,000', { after: SOMEBODY }, [/^users_(present|pkey) .*id >/]],
    ['q', { q: 'Quent' }, [/^users_base_firstName .*>=/, /^users_base_lastName .*>=/, /^users_email_order .*>=/]],
    ['filter by id', { filter: `id eq "${SOMEBODY}"` }, [/^users_pkey .*id =/]],
    ['filter by status', { filter: 'status eq "SUSPENDED"' }, [/^users_status .*status/]],
    ['filter by time', { filter: 'lastUpdated gt "2026-01-01T01:04:00Z"' }, [/^users_last_updated .*>/]],
    ['filter by login', { filter: 'profile.login eq "a@b.example"' }, [/^users_login .*login_key =/]],
    ['filter by e-mail', { filter: 'profile.email eq "a@b.example"' }, [/^users_email_order .*email_key =/]],
    ['filter by first name', { filter: 'profile.firstName eq "Zoë"' }, [/^users_base_firstName .*=/]],
    ['filter by last name', { filter: 'profile.lastName eq "Vidal"' }, [/^users_base_lastName .*=/]],
    ['search eq, status', { search: 'status eq "SUSPENDED"' }, [/^users_status /]],
    ['search eq, user type', { search: 'type.id eq "oty00000000000000000"' }, [/^users_type .*type_id =/]],
    ['search gt, created', { search: 'created gt "2026-01-01T01:04:00Z"' }, [/^users_created .*>/]],
    ['search lt, statusChanged', { search: 'statusChanged lt "2026-01-01T00:01:00Z"' }, [/^users_status_changed /]],
    ['search lt, activated', { search: 'activated lt "2026-01-01T00:01:00Z"' }, [/^users_activated .*</]],
    ['search sw, login', { search: 'profile.login sw "ada.adler.1"' }, [/^users_login .*>=/]],
    ['search co, login', { search: 'profile.login co "rossi.123"' }, [/^users_contained /]],
    ['search co, e-mail', { search: 'profile.email co "wolf.39"' }, [/^users_contained /]],
    ['search co, first name', { search: 'profile.firstName co "uentin"' }, [/^users_contained /]],
    ['search co, last name', { search: 'profile.lastName co "emann"' }, [/^users_contained /]],
    ['search eq, base', { search: 'profile.department eq "Legal"' }, [/^users_base_department .*=/]],
    ['search sw, base', { search: 'profile.employeeNumber sw "E0000012"' }, [/^users_base_employeeNumber .*>=/]],
    ['search gt, base', { search: 'profile.city gt "Zurib"' }, [/^users_base_city .*>/]],
    ['search pr', { search: 'profile.workshop pr and profile.grade gt 15' }, [/^users_custom_number_grade_\w+ .*>/]],
    ['search eq, unique', { search: 'profile.badge eq "B-1-1"' }, [/^users_custom_text_badge_\w+ .*=/]],
    ['search eq, boolean', { search: 'profile.remote eq true' }, [/^users_custom_text_remote_\w+ .*=/]],
    ['search eq, integer', { search: 'profile.grade eq 7' }, [/^users_custom_number_grade_\w+ .*=/]],
    ['search gt, integer', { search: 'profile.grade gt 15' }, [/^users_custom_number_grade_\w+ .*>/]],
    ['search eq, list', { search: 'profile.skills eq "wiring"' }, [/^users_custom_set_skills_\w+ .*@@/]],
    ['search sw, list', { search: 'profile.skills sw "wir"' }, [/^users_custom_set_skills_\w+ .*@@/]],
    ['search sw, text', { search: 'profile.workshop sw "W12"' }, [/^users_custom_text_workshop_\w+ .*>=/]],
    [
      'and',
      { search: 'profile.department eq "Legal" and profile.badge eq "B-1-1"' },
      [/^users_custom_text_badge_\w+ .*=/],
    ],
    [
      'or',
      { search: 'profile.badge eq "B-1-1" or profile.employeeNumber eq "E1"' },
      [/^users_custom_text_badge_\w+ .*=/, /^users_base_employeeNumber .*=/],
    ],
    [
      'sorted by a name, ascending, from a cursor',
      { search: 'status eq "ACTIVE"', sortBy: 'profile.lastName', after: cursor('wagner', SOMEBODY) },
      [/^users_base_lastName .*ROW/, /^users_without_lastName /],
    ],
    [
      'sorted by a custom attribute, people without a value last',
      { search: 'status pr', sortBy: 'profile.grade', after: cursor(null, SOMEBODY) },
      [/^users_custom_number_grade_\w+ .*IS NULL.*id >/],
    ],
    [
      'sorted by time, descending, from a cursor',
      {
        search: 'profile.firstName pr',
        sortBy: 'lastUpdated',
        sortOrder: 'desc',
        after: cursor('2026-01-01T00:10:00.000Z', SOMEBODY),
      },
      [/^users_last_updated .*ROW/],
    ],
  ])('%s', async (_name, query, expected) => {
    const leaves = await leavesOfList(query);
    if (expected.length === 1) expect(leaves[0], leaves.join('\n')).toMatch(expected[0]!);
    else
      for (const leaf of leaves)
        expect(
          expected.some((pattern) => pattern.test(leaf)),
          leaf,
        ).toBe(true);
  });
});

describe('groups', () => {
  it.each<[string, Parameters<typeof groupSelection>[1], RegExp]>([
    ['the plain list', {}, /^groups_pkey /],
    ['its next page', { after: cursor('00g00000000000000100', '00g00000000000000100') }, /^groups_pkey .*id/],
    ['q', { q: 'team 01' }, /^groups_by_name .*>=/],
    ['filter by id', { filter: 'id eq "00g00000000000000100"' }, /^groups_pkey .*id =/],
    ['filter by type', { filter: 'type eq "APP_GROUP"' }, /^groups_by_type .*=/],
    ['filter by time', { filter: 'lastUpdated lt "2020-01-01T00:00:00Z"' }, /^groups_last_updated .*</],
    ['search eq', { search: 'profile.name eq "Team 0100"' }, /^groups_by_name .*=/],
    ['search sw', { search: 'profile.name sw "team 010"' }, /^groups_by_name .*>=/],
  ])('%s', async (_name, query, expected) => {
    const { where, orderBy, values } = groupSelection(filled.orgId, query, { attributes: new Map() });
    const [leaf] = await leavesOf(
      `select profile from groups where org_id = $1 and ${where} order by ${orderBy} limit 201`,
      values,
    );
    expect(leaf).toMatch(expected);
  });
});
