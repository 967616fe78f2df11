/** Groups as others see them (contract §4). */
import Type, { type Static } from 'typebox';
import type { Json } from '../../shared/json.ts';

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

export interface Group {
  id: string;
  orgId: string;
  type: GroupType;
  /** `description` is a text where there is one; the rest are custom attributes. */
  profile: { name: string } & Record<string, Json>;
  created: Date;
  lastUpdated: Date;
  lastMembershipUpdated: Date;
  version: number;
}

export const EVERYONE = 'Everyone';

/** What else a profile may hold, the schema of groups says. */
export const GroupBody = Type.Object({
  profile: Type.Unsafe<{ name: string } & Record<string, unknown>>({
    type: 'object',
    properties: { name: { type: 'string', minLength: 1, maxLength: 255 }, description: { type: ['string', 'null'] } },
    required: ['name'],
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
    profile: profileToWire(group.profile),
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

type GroupProfileWire = { name: string; description: string | null } & Record<string, Json>;

function profileToWire({ name, description, ...custom }: Group['profile']): GroupProfileWire {
  return { name, description: typeof description === 'string' ? description : null, ...custom } as GroupProfileWire;
}

/** A group as the target of a System Log event. */
export function groupTarget(group: Pick<Group, 'id' | 'profile'>) {
  return { id: group.id, type: 'UserGroup', alternateId: 'unknown', displayName: group.profile.name };
}
