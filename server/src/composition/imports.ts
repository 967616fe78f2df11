/** Imports, introduced to the directory and to the jobs that do them. */
import { SUPER_ADMIN } from '../http/index.ts';
import { createImports } from '../imports/index.ts';
import type { Modules } from './modules.ts';

export function addImports(house: Modules): void {
  const { database, clock, schemas, users, groups, jobs } = house;
  house.imports = createImports({
    database,
    clock,
    ports: {
      schemas,
      users: users.bulk,
      groups: groups.bulk,
      jobs,
      evaluateRules: (tx, caller, userIds, at) => house.groupRules.evaluate(tx, caller, userIds, at),
      isSuperAdministrator: async (db, orgId, userId) =>
        (await users.roles.list(orgId, userId, db)).some(({ role }) => role === SUPER_ADMIN),
    },
  });
}
