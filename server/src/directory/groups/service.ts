/** Groups as other modules and the routes use them. */
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../../system-log/index.ts';
import type { ValueHolders } from '../profile-schemas/index.ts';
import { type BulkGroups, createBulkGroups } from './bulk.ts';
import { applyGifts, type GiftChange, type GiftContext } from './gifts/apply.ts';
import {
  countOfRule,
  type Gift,
  giftsOfRule,
  keepGifts,
  type MemberOrigin,
  originsOf,
  type Standing,
  standingOf,
} from './gifts/store.ts';
import { type AssignmentPort, changeMembership, joinGroups, type Member, type RulePort } from './members.ts';
import { type ProfilePort, profileOf } from './profile.ts';
import { groupValues } from './removed-attributes.ts';
import { EVERYONE, type Group, type GroupBody, groupTarget, groupToWire } from './schema.ts';
import { cursorOf, type GroupQuery, selectionOf } from './search.ts';
import {
  countMembers,
  deleteGroup,
  deleteMemberships,
  findEveryone,
  findGroup,
  groupNames,
  groupsCreatedHere,
  groupsOf,
  holdGroups,
  insertGroup,
  lockGroup,
  type Membership,
  memberIds,
  membershipsOf,
  membersOfAny,
  selectGroups,
  updateGroup,
} from './store.ts';

/** What groups ask about people; wire shapes are the users' own. */
export interface MembersPort {
  /** By id, or by login as a client may write it. Throws E0000007. */
  member(orgId: string, idOrLogin: string): Promise<Member>;
  /** Keeps a user from being deleted until the transaction ends; false where there is none. */
  hold(tx: Executor, orgId: string, id: string): Promise<boolean>;
  /** The users of these ids in wire shape, in the order of ids; deactivated ones left out. */
  present(place: Place, ids: readonly string[]): Promise<unknown[]>;
  /** A page of all users who are not deactivated, for Everyone. */
  everyone(place: Place, page: { after?: string; limit: number }): Promise<Page<unknown>>;
  /** How many they are. */
  count(orgId: string): Promise<number>;
}

/** A member with how they came to the group. */
export interface MemberWithOrigin {
  user: unknown;
  /** By hand, by group rules, or by an identity provider at a sign-in. */
  source: MemberOrigin['source'];
  since: string;
  /** The rules that give the membership, also beside one that was set by hand. */
  rules: { id: string; name: string }[];
}

export interface GroupsDeps {
  database: Database;
  clock: Clock;
  assignments: AssignmentPort;
  members: MembersPort;
  rules: RulePort;
  schemas: ProfilePort;
}

type Place = Pick<Caller, 'orgId' | 'baseUrl'>;

export interface Groups {
  create(caller: Caller, body: GroupBody): Promise<Group>;
  get(orgId: string, id: string): Promise<Group>;
  list(orgId: string, query: GroupQuery, limit: number): Promise<Page<Group>>;
  replace(caller: Caller, id: string, body: GroupBody, expectedVersion: number | null): Promise<Group>;
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
  /** Idempotent. Throws E0000006 for Everyone and for groups of applications. */
  setMember(caller: Caller, groupId: string, idOrLogin: string, added: boolean): Promise<void>;
  /** Wire shapes of the members who are not deactivated. */
  members(place: Place, groupId: string, page: { after?: string; limit: number }): Promise<Page<unknown>>;
  join(tx: Executor, caller: Caller, member: Member, groupIds: readonly string[], at: Date): Promise<void>;
  /** The groups of a user in wire shape, Everyone first. */
  ofUser(place: Place, userId: string): Promise<unknown[]>;
  /** Which of these ids are no groups. */
  unknown(orgId: string, ids: readonly string[]): Promise<string[]>;
  everyoneId(orgId: string, db?: Executor): Promise<string>;
  ensureEveryone(tx: Executor, orgId: string, at: Date): Promise<{ id: string }>;
  /** The name of each of the ids that exists. */
  names(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>>;
  /** Until the transaction ends nobody comes to these groups, leaves them or deletes them. */
  hold(tx: Executor, orgId: string, ids: readonly string[]): Promise<void>;
  /** The stored members of any of the groups, each once; Everyone has none. */
  membersOfAny(db: Executor, orgId: string, groupIds: readonly string[]): Promise<string[]>;
  /** The stored memberships of some users. */
  membershipsOf(db: Executor, orgId: string, userIds: readonly string[]): Promise<Membership[]>;
  /** Their values of attributes that groups have no more. */
  readonly values: ValueHolders;
  readonly bulk: BulkGroups;
  /** Takes a deleted user out of every group. */
  forgetUser(tx: Executor, orgId: string, userId: string): Promise<void>;
  /** How many members each of the groups has. */
  memberCounts(orgId: string, groups: readonly Group[]): Promise<Map<string, number>>;
  /** The members of a group, each with how they came to it; in the order of their ids. Empty for Everyone. */
  origins(place: Place, groupId: string, page: { after?: string; limit: number }): Promise<Page<MemberWithOrigin>>;
  gifts: Gifts;
}

/** What rules give: memberships that come and go with a rule. */
export interface Gifts {
  /** The stored memberships of some people, each with its source and the rules that give it. */
  standing(db: Executor, orgId: string, userIds: readonly string[]): Promise<Standing[]>;
  apply(tx: Executor, change: GiftChange, context: GiftContext): Promise<void>;
  /** What a rule gives to a page of people, by their ids, after an id. */
  ofRule(db: Executor, orgId: string, ruleId: string, after: string, people: number): Promise<Gift[]>;
  countOfRule(db: Executor, orgId: string, ruleId: string): Promise<number>;
  /** The rule goes, and what only it gave stays as if set by hand: how many memberships. No evaluation may go on meanwhile. */
  keep(tx: Executor, orgId: string, ruleId: string): Promise<number>;
  /** Those of the ids that are groups whose members are chosen here, with their names. */
  targets(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>>;
}

export function createGroups(deps: GroupsDeps): Groups {
  const { database, clock, assignments, members, rules, schemas } = deps;

  async function get(orgId: string, id: string): Promise<Group> {
    const group = await findGroup(database, orgId, id);
    if (group === null) throw apiErrors.notFound(id, 'UserGroup');
    return group;
  }
  return {
    get,
    async create(caller, body) {
      const schema = await schemas.compiledGroupSchema(caller.orgId);
      return inTransaction(database, async (tx) => {
        const profile = profileOf(schemas, await schemas.hold(tx, caller.orgId, schema), body);
        const at = clock.now();
        const group = newGroup(caller.orgId, 'OKTA_GROUP', profile, at);
        if (!(await insertGroup(tx, group))) throw apiErrors.duplicate('name');
        await record(tx, groupEvent('group.lifecycle.create', caller, group, at));
        return group;
      });
    },
    async list(orgId, query, limit) {
      const selection = selectionOf(orgId, query, await schemas.compiledGroupSchema(orgId));
      const rows = await selectGroups(database, { ...selection, limit: limit + 1 });
      return pageOf(rows, limit, cursorOf);
    },
    async replace(caller, id, body, expectedVersion) {
      const schema = await schemas.compiledGroupSchema(caller.orgId);
      return inTransaction(database, async (tx) => {
        const profile = profileOf(schemas, await schemas.hold(tx, caller.orgId, schema), body);
        await rules.beforeGroupChange(tx, caller.orgId);
        const before = await lockOwn(tx, caller.orgId, id);
        requireVersion(expectedVersion, before);
        const at = clock.now();
        const after = { ...before, profile, lastUpdated: at, version: before.version + 1 };
        if (!(await updateGroup(tx, after))) throw apiErrors.duplicate('name');
        await record(tx, groupEvent('group.profile.update', caller, after, at));
        if (before.profile.name !== after.profile.name)
          await rules.groupChanged(tx, caller, { id, name: after.profile.name });
        return after;
      });
    },
    remove: (caller, id, expectedVersion) =>
      inTransaction(database, async (tx) => {
        await rules.beforeGroupChange(tx, caller.orgId);
        await assignments.beforeGroupRemoved(tx, caller.orgId, id);
        const group = await lockOwn(tx, caller.orgId, id);
        requireVersion(expectedVersion, group);
        const at = clock.now();
        const followed = await assignments.groupRemoved(tx, caller.orgId, id, at);
        await deleteGroup(tx, group);
        await record(tx, groupEvent('group.lifecycle.delete', caller, group, at), ...followed);
        await rules.groupChanged(tx, caller, { id, name: group.profile.name });
      }),
    async setMember(caller, groupId, idOrLogin, added) {
      await get(caller.orgId, groupId);
      const member = await members.member(caller.orgId, idOrLogin);
      await inTransaction(database, (tx) =>
        changeMembership(tx, deps, { caller, groupId, member, added, at: clock.now() }),
      );
    },
    async members(place, groupId, page) {
      const group = await get(place.orgId, groupId);
      if (group.type === 'BUILT_IN') return members.everyone(place, page);
      const ids = await memberIds(database, place.orgId, groupId, page.after ?? '', page.limit + 1);
      const { items, after } = pageOf(ids, page.limit, (last) => last);
      return { items: await members.present(place, items), after };
    },
    join: (tx, caller, member, groupIds, at) => joinGroups(tx, assignments, { caller, member, groupIds, at }),
    async ofUser({ orgId, baseUrl }, userId) {
      return (await groupsOf(database, orgId, userId)).map((group) => groupToWire(group, baseUrl));
    },
    async unknown(orgId, ids) {
      const known = await groupNames(database, orgId, ids);
      return ids.filter((id) => !known.has(id));
    },
    names: groupNames,
    hold: holdGroups,
    membersOfAny,
    membershipsOf,
    bulk: createBulkGroups(deps),
    async everyoneId(orgId, db = database) {
      const everyone = await findEveryone(db, orgId);
      if (everyone === null) throw new Error(`The org ${orgId} has no group ${EVERYONE}.`);
      return everyone.id;
    },
    async ensureEveryone(tx, orgId, at) {
      const existing = await findEveryone(tx, orgId);
      if (existing !== null) return { id: existing.id };
      const group = newGroup(orgId, 'BUILT_IN', { name: EVERYONE, description: 'All users in your organization' }, at);
      await insertGroup(tx, group);
      return { id: group.id };
    },
    values: groupValues,
    forgetUser: deleteMemberships,
    ...looks(deps, get),
  };
}

/** What is told of members beside who they are, and what rules do with them. */
function looks(deps: GroupsDeps, get: Groups['get']): Pick<Groups, 'memberCounts' | 'origins' | 'gifts'> {
  const { database, assignments, members } = deps;
  return {
    async memberCounts(orgId, groups) {
      const counts = await countMembers(
        database,
        orgId,
        groups.map((group) => group.id),
      );
      const everyone = groups.find((group) => group.type === 'BUILT_IN');
      if (everyone !== undefined) counts.set(everyone.id, await members.count(orgId));
      return counts;
    },
    async origins(place, groupId, page) {
      await get(place.orgId, groupId);
      const rows = await originsOf(database, place.orgId, groupId, page.after ?? '', page.limit + 1);
      const { items, after } = pageOf(rows, page.limit, (last) => last.userId);
      return { items: await withOrigins(deps, place, items), after };
    },
    gifts: {
      standing: standingOf,
      apply: (tx, change, context) => applyGifts(tx, assignments, change, context),
      ofRule: giftsOfRule,
      countOfRule,
      keep: keepGifts,
      targets: groupsCreatedHere,
    },
  };
}

async function withOrigins(
  { database, members, rules }: GroupsDeps,
  place: Place,
  origins: readonly MemberOrigin[],
): Promise<MemberWithOrigin[]> {
  const present = (await members.present(
    place,
    origins.map((origin) => origin.userId),
  )) as { id: string }[];
  const users = new Map(present.map((user) => [user.id, user]));
  const names = await rules.names(database, place.orgId, [...new Set(origins.flatMap((origin) => origin.ruleIds))]);
  return origins.flatMap(({ userId, source, since, ruleIds }) => {
    const user = users.get(userId);
    const given = ruleIds.flatMap((id) => (names.has(id) ? [{ id, name: names.get(id)! }] : []));
    return user === undefined ? [] : [{ user, source, since: since.toISOString(), rules: given }];
  });
}

function newGroup(orgId: string, type: Group['type'], profile: Group['profile'], at: Date): Group {
  return {
    id: newId('group', at),
    orgId,
    type,
    profile,
    created: at,
    lastUpdated: at,
    lastMembershipUpdated: at,
    version: 1,
  };
}

/** The group as a change may have it: Everyone and groups of applications are not changed here. */
async function lockOwn(tx: Executor, orgId: string, id: string): Promise<Group> {
  const group = await lockGroup(tx, orgId, id);
  if (group === null) throw apiErrors.notFound(id, 'UserGroup');
  if (group.type !== 'OKTA_GROUP') throw apiErrors.forbidden('Only groups that were created here can be changed.');
  return group;
}

const groupEvent = (type: EventTypeName, caller: Caller, group: Group, at: Date) =>
  doneBy(caller, { type, at, targets: [groupTarget(group)] });
