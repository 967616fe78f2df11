/** Users as others see them: statuses, the row, the wire shape, the bodies that clients send (contract §3). */
import Type, { type Static, type TSchema } from 'typebox';
import type { Json } from '../../shared/json.ts';
import type { CompiledSchema } from '../profile-schemas/index.ts';
import { linksOf } from './lifecycle/links.ts';

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
  recoveryQuestion: string | null;
  created: Date;
  createdBy: string;
  activated: Date | null;
  statusChanged: Date | null;
  lastLogin: Date | null;
  lastUpdated: Date;
  /** Null also of a password that has to be changed as soon as its owner is activated. */
  passwordChanged: Date | null;
  version: number;
}

const Profile = Type.Record(Type.String(), Type.Unknown());

const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([Type.Null(), schema]));
const text = () => maybe(Type.String());

const PasswordBody = Type.Object({
  value: text(),
  hash: maybe(
    Type.Object({
      algorithm: text(),
      workFactor: maybe(Type.Number()),
      salt: text(),
      saltOrder: text(),
      value: text(),
      digestAlgorithm: text(),
      iterationCount: maybe(Type.Number()),
      keySize: maybe(Type.Number()),
    }),
  ),
  hook: maybe(Type.Object({ type: text() })),
});
const RecoveryBody = Type.Object({ question: text(), answer: text() });

const CredentialsBody = Type.Object({
  password: maybe(PasswordBody),
  recovery_question: maybe(RecoveryBody),
  provider: maybe(Type.Object({ type: Type.Optional(Type.String()), name: Type.Optional(Type.String()) })),
});
export type CredentialsBody = Static<typeof CredentialsBody>;

const UserTypeRef = Type.Optional(
  Type.Union([Type.Null(), Type.Object({ id: Type.Optional(Type.String({ maxLength: 100 })) })]),
);

export const CreateBody = Type.Object({
  profile: Profile,
  credentials: maybe(CredentialsBody),
  groupIds: Type.Optional(Type.Union([Type.Null(), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })])),
  type: UserTypeRef,
});
export const ChangeBody = Type.Object({
  profile: Type.Optional(Profile),
  credentials: maybe(CredentialsBody),
  type: UserTypeRef,
});
export type CreateBody = Static<typeof CreateBody>;
export type ChangeBody = Static<typeof ChangeBody>;

/** Statuses that a provider may have; others are made by sign-ins and imports. */
export const PROVIDER_TYPES = ['OKTA', 'FEDERATION', 'SOCIAL', 'IMPORT', 'ACTIVE_DIRECTORY', 'LDAP'] as const;

const time = (value: Date | null) => value?.toISOString() ?? null;

export type UserWire = ReturnType<typeof userToWire>;

/** `schema`: of the user's type: of what it does not have nothing is shown. A password is shown as `{}`, never as a value. */
export function userToWire(user: User, { baseUrl, schema }: { baseUrl: string; schema: CompiledSchema | undefined }) {
  const known = Object.entries(user.profile).filter(([name]) => schema?.attributes.has(name) ?? true);
  const profile: Record<string, Json> = { mobilePhone: null, secondEmail: null, ...Object.fromEntries(known) };
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
    credentials: credentialsToWire(user),
    _links: linksOf(user, { baseUrl, schemaId: schema?.id ?? 'default' }),
  };
}

/** Whether there is a password, never what it is; the question, never its answer. */
export function credentialsToWire({ hasPassword, recoveryQuestion, provider }: User) {
  return {
    ...(hasPassword ? { password: {} } : {}),
    ...(recoveryQuestion === null ? {} : { recovery_question: { question: recoveryQuestion } }),
    provider,
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

/** A new password proves the old one (contract §3). */
export const ChangePasswordBody = Type.Object({
  oldPassword: Type.Object({ value: Type.String() }),
  newPassword: Type.Object({ value: Type.String() }),
  revokeSessions: maybe(Type.Boolean()),
});
export type ChangePasswordBody = Static<typeof ChangePasswordBody>;

/** Of `change_recovery_question` and of a reset by the recovery question. */
export const RecoveryCredentialsBody = Type.Object({
  password: Type.Object({ value: Type.String() }),
  recovery_question: RecoveryBody,
});
export type RecoveryCredentialsBody = Static<typeof RecoveryCredentialsBody>;
