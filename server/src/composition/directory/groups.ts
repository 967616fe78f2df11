/** Groups and group rules, made and introduced to each other, to people and to applications. */
import { createGroupRules, type GroupRulesDeps } from '../../directory/group-rules/index.ts';
import { createGroups, EVERYONE, type MembersPort } from '../../directory/groups/index.ts';
import { type User, type Users, userTarget } from '../../directory/users/index.ts';
import type { Modules } from '../modules.ts';

export function addGroups(house: Modules): void {
  const { database, configuration, clock } = house;
  house.groups = createGroups({
    database,
    clock,
    assignments: {
      membershipsChanged: (tx, orgId, change) => house.applications.membershipsChanged(tx, orgId, change),
      beforeGroupRemoved: (tx, orgId, groupId) => house.applications.assignments.beforeGroupRemoved(tx, orgId, groupId),
      groupRemoved: (tx, orgId, groupId, at) => house.applications.assignments.groupRemoved(tx, orgId, groupId, at),
    },
    members: membersOf(house),
    schemas: house.schemas,
    rules: {
      beforeChange: (tx, orgId, userIds) => house.groupRules.port.beforeChange(tx, orgId, userIds),
      membershipsChanged: (tx, caller, userIds, at) =>
        house.groupRules.port.membershipsChanged(tx, caller, userIds, at),
      except: (tx, caller, userId, ruleIds, at) => house.groupRules.port.except(tx, caller, userId, ruleIds, at),
      beforeGroupChange: (tx, orgId) => house.groupRules.port.beforeGroupChange(tx, orgId),
      groupChanged: (tx, caller, group) => house.groupRules.port.groupChanged(tx, caller, group),
      names: (db, orgId, ids) => house.groupRules.port.names(db, orgId, ids),
    },
  });
  house.groupRules = createGroupRules({
    database,
    configuration,
    clock,
    jobs: house.jobs,
    people: rulePeople(house.users),
    groups: {
      gifts: house.groups.gifts,
      unknown: (orgId, ids) => house.groups.unknown(orgId, ids),
      everyone: async (db, orgId) => ({ id: await house.groups.everyoneId(orgId, db), name: EVERYONE }),
    },
  });
}

export const personOf = async (house: Modules, orgId: string, idOrLogin: string) => {
  const user = await house.users.get(orgId, idOrLogin);
  return { id: user.id, target: userTarget(user) };
};

/** People as group rules look at them. */
function rulePeople(users: Users): GroupRulesDeps['people'] {
  const person = (user: User) => ({ id: user.id, profile: user.profile, target: userTarget(user) });
  return {
    hold: async (tx, orgId, ids) =>
      (await users.hold(tx, orgId, ids)).filter((user) => user.status !== 'DEPROVISIONED').map(person),
    after: async (db, orgId, id, limit) => (await users.after(db, orgId, id, limit)).map(person),
    byIds: async (db, orgId, ids) => (await users.byIds(orgId, ids, db)).map(person),
    count: (db, orgId) => users.count(db, orgId),
    find: async (orgId, idOrLogin) => person(await users.get(orgId, idOrLogin)),
  };
}

function membersOf(house: Modules): MembersPort {
  return {
    member: (orgId, idOrLogin) => personOf(house, orgId, idOrLogin),
    hold: async (tx, orgId, id) => (await house.users.hold(tx, orgId, [id])).length === 1,
    async present(place, ids) {
      const found = await house.users.byIds(place.orgId, ids);
      return house.users.toWire(
        place,
        found.filter((user) => user.status !== 'DEPROVISIONED'),
      );
    },
    async everyone(place, { after, limit }) {
      const page = await house.users.list(place.orgId, { ...(after === undefined ? {} : { after }) }, limit);
      return { items: await house.users.toWire(place, page.items), after: page.after };
    },
    count: (orgId) => house.users.count(house.database, orgId),
  };
}
