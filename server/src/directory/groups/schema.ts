/** Groups as others see them (contract §4). */
import Type, { type Static } from 'typebox';

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

export interface Group {
  id: string;
  orgId: string;
  type: GroupType;
  profile: { name: string; description?: string };
  created: Date;
  lastUpdated: Date;
  lastMembershipUpdated: Date;
  version: number;
}

export const EVERYONE = 'Everyone';

export const GroupBody = Type.Object({
  profile: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    description: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 1024 })])),
  }),
});
export type GroupBody = Static<typeof GroupBody>;

const OBJECT_CLASSES: Readonly<Record<GroupType, string>> = {
  OKTA_GROUP: 'okta:user_group',
  APP_GROUP: 'app:group',
  BUILT_IN: 'okta:user_group',
};

/** What `expand=stats` tells of a group. */
export interface GroupStats {
  usersCount: number;
  appsCount: number;
}

export type GroupWire = ReturnType<typeof groupToWire>;

export function groupToWire(group: Group, baseUrl: string, stats?: GroupStats) {
  const self = `${baseUrl}/api/v1/groups/${group.id}`;
  return {
    id: group.id,
    created: group.created.toISOString(),
    lastUpdated: group.lastUpdated.toISOString(),
    lastMembershipUpdated: group.lastMembershipUpdated.toISOString(),
    objectClass: [OBJECT_CLASSES[group.type]],
    type: group.type,
    profile: { name: group.profile.name, description: group.profile.description ?? null },
    ...(stats === undefined
      ? {}
      : {
          _embedded: {
            // Nothing here pushes groups or gives a group administrator rights yet, so both can be stated.
            stats: {
              ...stats,
              groupPushMappingsCount: 0,
              hasAdminPrivilege: false,
              _links: { users: { href: `${self}/users` }, apps: { href: `${self}/apps` } },
            },
          },
        }),
    _links: { self: { href: self }, users: { href: `${self}/users` }, apps: { href: `${self}/apps` } },
  };
}

/** A group as the target of a System Log event. */
export function groupTarget(group: Pick<Group, 'id' | 'profile'>) {
  return { id: group.id, type: 'UserGroup', alternateId: 'unknown', displayName: group.profile.name };
}
