/**
 * directory/groups: groups and who is in them. Everyone's members are computed, never stored. It is not what a group is good for:
 * assignments belong to applications, which learn of each membership inside its transaction; nor whom a rule
 * puts where (group-rules), only which memberships rules gave. Level 3.
 */

export type { BulkGroups, Joining } from './bulk.ts';
export type { GiftChange, GiftContext, Occasion } from './gifts/apply.ts';
export type { Gift, MemberOrigin, Standing } from './gifts/store.ts';
export type { AssignmentPort, Member, RulePort } from './members.ts';
export { type GroupRoutesDeps, groupRoutes } from './routes.ts';
export { EVERYONE, type Group, type GroupType, type GroupWire, groupTarget } from './schema.ts';
export {
  createGroups,
  type Gifts,
  type Groups,
  type GroupsDeps,
  type MembersPort,
  type MemberWithOrigin,
} from './service.ts';
