/** The provider's group action on a sign-in (contract §2.3, worked example): which memberships are added and removed. Pure. */
import type { IdpPolicy } from '../../identity-providers/index.ts';

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
  /** The user's memberships, by id. */
  memberOf: readonly string[];
}

/**
 * APPEND adds the asserted groups that the filter allows. SYNC also removes memberships of OKTA_GROUPs that are not both asserted and in
 * the filter. ASSIGN adds fixed groups. Only OKTA_GROUPs are ever touched; of memberships outside the filter only the id is known, so the
 * statement that applies the change keeps to that type.
 */
export function groupChange({ action, asserted, known, memberOf }: GroupFacts): GroupChange {
  const changeable = known.filter((group) => group.type === 'OKTA_GROUP');
  if (action.action === 'ASSIGN') {
    return { add: changeable.map((group) => group.id).filter((id) => !memberOf.includes(id)), remove: [] };
  }
  if (action.action === 'NONE') return { add: [], remove: [] };
  const wanted = changeable.filter((group) => asserted.includes(group.name)).map((group) => group.id);
  return {
    add: wanted.filter((id) => !memberOf.includes(id)),
    remove: action.action === 'SYNC' ? memberOf.filter((id) => !wanted.includes(id)) : [],
  };
}
