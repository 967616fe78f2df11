/** The provider's group action on a sign-in (contract §2.3, worked example): which memberships are added and removed. Pure. */
import type { IdpPolicy } from '../../../identity-providers/index.ts';

export interface GroupChange {
  add: string[];
  remove: string[];
}

export interface GroupFacts {
  action: IdpPolicy['provisioning']['groups'];
  /** Names that the provider asserted. */
  asserted: readonly string[];
  /** Groups of the action's filter or assignments that exist. */
  known: readonly { id: string; name: string; type: string }[];
  /** `ruleIds`: the group rules that give the membership. */
  memberOf: readonly { id: string; type: string; ruleIds: readonly string[] }[];
}

/**
 * APPEND adds the asserted groups that the filter allows. SYNC also removes memberships of OKTA_GROUPs that are not both asserted and in
 * the filter, but for those that group rules give. ASSIGN adds fixed groups. Only OKTA_GROUPs are ever touched.
 */
export function groupChange({ action, asserted, known, memberOf }: GroupFacts): GroupChange {
  if (action.action === 'NONE') return { add: [], remove: [] };
  const changeable = known.filter((group) => group.type === 'OKTA_GROUP');
  const wanted = action.action === 'ASSIGN' ? changeable : changeable.filter((group) => asserted.includes(group.name));
  const ids = new Set(wanted.map((group) => group.id));
  const left = memberOf.filter(
    (group) => group.type === 'OKTA_GROUP' && group.ruleIds.length === 0 && !ids.has(group.id),
  );
  return {
    add: [...ids].filter((id) => !memberOf.some((group) => group.id === id)),
    remove: action.action === 'SYNC' ? left.map((group) => group.id) : [],
  };
}
