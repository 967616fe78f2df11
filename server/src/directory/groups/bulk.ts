/** Many memberships at once, for imports: groups by name, and people put into them in a few statements. */
import type { Executor } from '../../database/index.ts';
import { ApiError } from '../../http/index.ts';
import { newId } from '../../shared/ids.ts';
import { storableJson } from '../../shared/json.ts';
import { type Caller, doneBy, type EventInput, record } from '../../system-log/index.ts';
import type { AssignmentPort, Member } from './members.ts';
import { type ProfilePort, profileOf } from './profile.ts';
import { type Group, groupTarget } from './schema.ts';
import { COLUMNS, insertGroup, type Membership, membershipsOf, nameKey } from './store.ts';

export interface Joining {
  group: Group;
  members: readonly Member[];
}

export interface BulkGroups {
  /** The groups that have one of these names, by the names as they were given; groups of applications are not looked at. */
  byNames(db: Executor, orgId: string, names: readonly string[]): Promise<Map<string, Group>>;
  /** Why there can be no group that has only this name: a sentence; null where there can. */
  whyNot(orgId: string, name: string): Promise<string | null>;
  /** Groups with these names, by name, each written as it is first; one that somebody else has made meanwhile is taken. */
  create(tx: Executor, caller: Caller, names: readonly string[], at: Date): Promise<Map<string, Group>>;
  memberships(db: Executor, orgId: string, userIds: readonly string[]): Promise<Membership[]>;
  /** Who is a member already stays one; Everyone has everybody. Returns how many memberships are new. */
  join(tx: Executor, caller: Caller, joinings: readonly Joining[], at: Date): Promise<number>;
  /** Whether two names are one group's. */
  sameName(one: string, other: string): boolean;
}

export function createBulkGroups({
  assignments,
  schemas,
}: {
  assignments: AssignmentPort;
  schemas: ProfilePort;
}): BulkGroups {
  return {
    byNames,
    memberships: membershipsOf,
    sameName: (one, other) => nameKey(one) === nameKey(other),
    async whyNot(orgId, name) {
      try {
        profileOf(schemas, await schemas.compiledGroupSchema(orgId), { profile: { name } });
        return null;
      } catch (error) {
        if (error instanceof ApiError) return error.causes.map(({ errorSummary }) => errorSummary).join(' ');
        throw error;
      }
    },
    async create(tx, caller, names, at) {
      const events: EventInput[] = [];
      const schema = await schemas.compiledGroupSchema(caller.orgId);
      const firsts = new Map(names.toReversed().map((name) => [nameKey(name), name]));
      for (const [, name] of [...firsts].sort(([one], [other]) => (one < other ? -1 : 1))) {
        const profile = profileOf(schemas, schema, { profile: { name } });
        const times = { created: at, lastUpdated: at, lastMembershipUpdated: at, version: 1 };
        const group: Group = { id: newId('group', at), orgId: caller.orgId, type: 'OKTA_GROUP', profile, ...times };
        if (await insertGroup(tx, group)) events.push(event('group.lifecycle.create', caller, at, [group]));
      }
      await record(tx, ...events);
      return byNames(tx, caller.orgId, names);
    },
    async join(tx, caller, joinings, at) {
      const open = joinings.filter(({ group, members }) => group.type !== 'BUILT_IN' && members.length > 0);
      const added = Map.groupBy(await insertMembers(tx, caller.orgId, open, at), ({ groupId }) => groupId);
      const changes = [...added].map(([groupId, of]) => ({
        groupId,
        userIds: of.map(({ userId }) => userId),
        added: true,
      }));
      const events = open.flatMap(({ group, members }) => {
        const targets = new Map(members.map(({ id, target }) => [id, target]));
        return (added.get(group.id) ?? []).map(({ userId }) =>
          event('group.user_membership.add', caller, at, [group], targets.get(userId)),
        );
      });
      await record(tx, ...events, ...(await assignments.membershipsChanged(tx, caller.orgId, { changes, at })));
      return [...added.values()].reduce((sum, { length }) => sum + length, 0);
    },
  };
}

function event(
  type: EventInput['type'],
  caller: Caller,
  at: Date,
  [group]: [Group],
  member?: Member['target'],
): EventInput {
  const targets = [...(member === undefined ? [] : [member]), groupTarget(group)];
  return doneBy(caller, { type, at, targets });
}

async function byNames(db: Executor, orgId: string, names: readonly string[]): Promise<Map<string, Group>> {
  if (names.length === 0) return new Map();
  const { rows } = await db.query<Group & { nameKey: string }>({
    text: `select ${COLUMNS}, name_key as "nameKey" from groups
           where org_id = $1 and type <> 'APP_GROUP' and name_key = any($2) order by id for key share`,
    values: [orgId, names.map(nameKey)],
  });
  const byKey = new Map(rows.map(({ nameKey: key, ...group }) => [key, group]));
  return new Map(
    names.flatMap((name) => {
      const group = byKey.get(nameKey(name));
      return group === undefined ? [] : [[name, group] as const];
    }),
  );
}

async function insertMembers(
  tx: Executor,
  orgId: string,
  joinings: readonly Joining[],
  at: Date,
): Promise<Membership[]> {
  if (joinings.length === 0) return [];
  const wanted = joinings.flatMap(({ group, members }) => members.map(({ id }) => ({ groupId: group.id, userId: id })));
  const { rows } = await tx.query<Membership>({
    text: `with added as (
             insert into group_members (org_id, group_id, user_id, created)
             select $1, m."groupId", m."userId", $3 from jsonb_to_recordset($2::jsonb) as m("groupId" text, "userId" text)
             order by m."groupId", m."userId" on conflict do nothing returning group_id, user_id),
           touched as (
             update groups set last_membership_updated = $3 where org_id = $1 and id in (
               select id from groups where org_id = $1 and id in (select group_id from added) order by id for no key update))
           select group_id as "groupId", user_id as "userId" from added`,
    values: [orgId, storableJson(wanted), at],
  });
  return rows;
}
