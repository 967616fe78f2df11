/** Users as others see them: statuses and the operations between them, the row, the wire shape, the bodies that clients send (contract §3). */
import Type, { type Static } from 'typebox';
import { ApiError, apiErrors } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';
import type { EventTypeName } from '../../system-log/index.ts';

export const STATUSES = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
  'DEPROVISIONED',
] as const;
export type UserStatus = (typeof STATUSES)[number];

export type LifecycleOperation = 'activate' | 'deactivate' | 'suspend' | 'unsuspend';

interface Operation {
  from: readonly UserStatus[];
  /** The status afterwards. */
  to(user: { hasPassword: boolean; federated: boolean }): UserStatus;
  event: EventTypeName;
  /** Whether sessions and grants end with it (security.md L9). */
  endsAccess: boolean;
  refusal(): ApiError;
}

const notIn = (what: string) => () => new ApiError(400, 'E0000001', `Api validation failed: ${what}`, [what]);

export const OPERATIONS: Readonly<Record<LifecycleOperation, Operation>> = {
  activate: {
    from: ['STAGED', 'DEPROVISIONED'],
    to: ({ hasPassword, federated }) => (hasPassword || federated ? 'ACTIVE' : 'PROVISIONED'),
    event: 'user.lifecycle.activate',
    endsAccess: false,
    refusal: apiErrors.alreadyActive,
  },
  deactivate: {
    from: STATUSES.filter((status) => status !== 'DEPROVISIONED'),
    to: () => 'DEPROVISIONED',
    event: 'user.lifecycle.deactivate',
    endsAccess: true,
    refusal: apiErrors.wrongStatus,
  },
  suspend: {
    from: ['ACTIVE'],
    to: () => 'SUSPENDED',
    event: 'user.lifecycle.suspend',
    endsAccess: true,
    refusal: notIn('Cannot suspend a user that is not active'),
  },
  unsuspend: {
    from: ['SUSPENDED'],
    to: () => 'ACTIVE',
    event: 'user.lifecycle.unsuspend',
    endsAccess: false,
    refusal: notIn('Cannot unsuspend a user that is not suspended'),
  },
};

/** Statuses in which a new password makes the user active: it was all that was missing. */
export const ACTIVATED_BY_PASSWORD: ReadonlySet<UserStatus> = new Set(['PROVISIONED', 'PASSWORD_EXPIRED', 'RECOVERY']);

/** Which lifecycle links a user carries. */
export function operationsFrom(status: UserStatus): LifecycleOperation[] {
  return (Object.keys(OPERATIONS) as LifecycleOperation[]).filter((name) => OPERATIONS[name].from.includes(status));
}

export interface User {
  id: string;
  orgId: string;
  typeId: string;
  status: UserStatus;
  loginKey: string;
  emailKey: string | null;
  emailVerified: boolean;
  profile: Record<string, Json>;
  provider: { type: string; name: string };
  hasPassword: boolean;
  created: Date;
  createdBy: string;
  activated: Date | null;
  statusChanged: Date | null;
  lastLogin: Date | null;
  lastUpdated: Date;
  passwordChanged: Date | null;
  version: number;
}

const Profile = Type.Record(Type.String(), Type.Unknown());

const Credentials = Type.Object({
  password: Type.Optional(
    Type.Union([Type.Null(), Type.Object({ value: Type.Optional(Type.Union([Type.String(), Type.Null()])) })]),
  ),
  provider: Type.Optional(
    Type.Union([Type.Null(), Type.Object({ type: Type.Optional(Type.String()), name: Type.Optional(Type.String()) })]),
  ),
});

const UserTypeRef = Type.Optional(
  Type.Union([Type.Null(), Type.Object({ id: Type.Optional(Type.String({ maxLength: 100 })) })]),
);

export const CreateBody = Type.Object({
  profile: Profile,
  credentials: Type.Optional(Type.Union([Type.Null(), Credentials])),
  groupIds: Type.Optional(Type.Union([Type.Null(), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })])),
  type: UserTypeRef,
});
export const ChangeBody = Type.Object({
  profile: Type.Optional(Profile),
  credentials: Type.Optional(Type.Union([Type.Null(), Credentials])),
  type: UserTypeRef,
});
export type CreateBody = Static<typeof CreateBody>;
export type ChangeBody = Static<typeof ChangeBody>;

/** Statuses that a provider may have; others are made by sign-ins and imports. */
export const PROVIDER_TYPES = ['OKTA', 'FEDERATION', 'SOCIAL', 'IMPORT', 'ACTIVE_DIRECTORY', 'LDAP'] as const;

const time = (value: Date | null) => value?.toISOString() ?? null;

export type UserWire = ReturnType<typeof userToWire>;

/** `schemaId`: of the user's type. A password is shown as `{}`, never as a value. */
export function userToWire(user: User, context: { baseUrl: string; schemaId: string }) {
  const profile: Record<string, Json> = { mobilePhone: null, secondEmail: null, ...user.profile };
  return {
    id: user.id,
    status: user.status,
    created: user.created.toISOString(),
    activated: time(user.activated),
    statusChanged: time(user.statusChanged),
    lastLogin: time(user.lastLogin),
    lastUpdated: user.lastUpdated.toISOString(),
    passwordChanged: time(user.passwordChanged),
    type: { id: user.typeId },
    profile,
    credentials: { ...(user.hasPassword ? { password: {} } : {}), provider: user.provider },
    _links: linksOf(user, context),
  };
}

function linksOf(user: User, { baseUrl, schemaId }: { baseUrl: string; schemaId: string }) {
  const self = `${baseUrl}/api/v1/users/${user.id}`;
  const lifecycle = operationsFrom(user.status).map((name) => [
    name,
    { href: `${self}/lifecycle/${name}`, method: 'POST' },
  ]);
  return {
    ...Object.fromEntries(lifecycle),
    ...(user.status === 'DEPROVISIONED' ? { delete: { href: self, method: 'DELETE' } } : {}),
    schema: { href: `${baseUrl}/api/v1/meta/schemas/user/${schemaId}` },
    self: { href: self },
    type: { href: `${baseUrl}/api/v1/meta/types/user/${user.typeId}` },
  };
}

export function displayNameOf(profile: Readonly<Record<string, Json>>): string {
  if (typeof profile.displayName === 'string' && profile.displayName !== '') return profile.displayName;
  const parts = [profile.firstName, profile.lastName].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(' ') : String(profile.login ?? '');
}

/** A user as the target or actor of a System Log event. */
export function userTarget(user: Pick<User, 'id' | 'profile'>) {
  return {
    id: user.id,
    type: 'User',
    alternateId: String(user.profile.login ?? ''),
    displayName: displayNameOf(user.profile),
  };
}
