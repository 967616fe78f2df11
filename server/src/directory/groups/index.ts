/**
 * directory/groups: groups and who is in them. Everyone's members are computed, never stored. It is not what a group is good for:
 * assignments belong to applications, which learn of each membership inside its transaction. Level 3.
 */
export type { AssignmentPort, Member } from './members.ts';
export { type GroupRoutesDeps, groupRoutes } from './routes.ts';
export { EVERYONE, type Group, type GroupType, type GroupWire, groupTarget } from './schema.ts';
export { createGroups, type Groups, type GroupsDeps, type MembersPort } from './service.ts';
