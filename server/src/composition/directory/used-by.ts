/** Where an attribute is used: every module is asked for its own places, each answered by a sentence with a name and an id. */
import type { Executor } from '../../database/index.ts';
import type { UsedAttribute } from '../../directory/profile-schemas/index.ts';
import type { Modules } from '../modules.ts';

export function createUsedBy(house: Modules) {
  return async (tx: Executor, orgId: string, attribute: UsedAttribute): Promise<string[]> => [
    ...(await house.mappings.usedBy(tx, orgId, attribute)),
    ...(await house.identityProviders.usedBy(tx, orgId, attribute)),
    ...(await house.applications.usedBy(tx, orgId, attribute)),
    ...(await house.groupRules.usedBy(tx, orgId, attribute)),
    ...(await house.routingRules.usedBy(tx, orgId, attribute)),
  ];
}
