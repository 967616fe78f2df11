/** Statuses and the operations between them, as one table (contract §3). What an operation does beside the status is apply.ts. */
import { ApiError, apiErrors } from '../../../http/index.ts';
import type { EventTypeName } from '../../../system-log/index.ts';
import { STATUSES, type User, type UserStatus } from '../schema.ts';

export type LifecycleOperation =
  | 'activate'
  | 'reactivate'
  | 'deactivate'
  | 'suspend'
  | 'unsuspend'
  | 'unlock'
  | 'expire_password'
  | 'expire_password_with_temp_password'
  | 'reset_password'
  | 'reset_factors';

/** What an operation must know of a user. */
export type Subject = Pick<User, 'status' | 'hasPassword' | 'passwordChanged' | 'provider'>;

export interface Operation {
  from: readonly UserStatus[];
  /** For whom it makes sense, whatever the status. */
  concerns?(user: Subject): boolean;
  /** The status afterwards. */
  to(user: Subject): UserStatus;
  event: EventTypeName;
  /** Whether sessions and grants end with it (security.md L9). */
  endsAccess: boolean;
  /** Whether the last administrator could no longer sign in afterwards. */
  shutsOut: boolean;
  refusal(user: Subject): ApiError;
}

const notIn = (what: string) => () => new ApiError(400, 'E0000001', `Api validation failed: ${what}`, [what]);
const stays = ({ status }: Subject) => status;
const local = ({ provider }: Subject) => provider.type === 'OKTA';
const withPassword = (user: Subject) => local(user) && user.hasPassword;
const harmless = { endsAccess: false, shutsOut: false, refusal: apiErrors.wrongStatus };

export const OPERATIONS: Readonly<Record<LifecycleOperation, Operation>> = {
  activate: {
    ...harmless,
    from: ['STAGED', 'DEPROVISIONED'],
    to: (user) => {
      if (!local(user)) return 'ACTIVE';
      if (!user.hasPassword) return 'PROVISIONED';
      return user.passwordChanged === null ? 'PASSWORD_EXPIRED' : 'ACTIVE';
    },
    event: 'user.lifecycle.activate',
    refusal: ({ status }) => (status === 'SUSPENDED' ? apiErrors.wrongStatus() : apiErrors.alreadyActive()),
  },
  reactivate: { ...harmless, from: ['PROVISIONED'], to: stays, event: 'user.lifecycle.reactivate' },
  deactivate: {
    from: STATUSES.filter((status) => status !== 'DEPROVISIONED'),
    to: () => 'DEPROVISIONED',
    event: 'user.lifecycle.deactivate',
    endsAccess: true,
    shutsOut: true,
    refusal: apiErrors.wrongStatus,
  },
  suspend: {
    from: ['ACTIVE'],
    to: () => 'SUSPENDED',
    event: 'user.lifecycle.suspend',
    endsAccess: true,
    shutsOut: true,
    refusal: notIn('Cannot suspend a user that is not active'),
  },
  unsuspend: {
    ...harmless,
    from: ['SUSPENDED'],
    to: () => 'ACTIVE',
    event: 'user.lifecycle.unsuspend',
    refusal: notIn('Cannot unsuspend a user that is not suspended'),
  },
  unlock: {
    ...harmless,
    from: ['LOCKED_OUT'],
    to: () => 'ACTIVE',
    event: 'user.account.unlock',
    refusal: apiErrors.notLocked,
  },
  expire_password: {
    ...harmless,
    from: ['ACTIVE', 'PASSWORD_EXPIRED'],
    concerns: withPassword,
    to: () => 'PASSWORD_EXPIRED',
    event: 'user.account.expire_password',
  },
  expire_password_with_temp_password: {
    ...harmless,
    from: ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'],
    concerns: local,
    to: () => 'PASSWORD_EXPIRED',
    event: 'user.account.expire_password',
    // A new password ends what was reached with the old one.
    endsAccess: true,
  },
  reset_password: {
    ...harmless,
    from: ['PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'],
    concerns: local,
    to: () => 'RECOVERY',
    event: 'user.account.reset_password',
    shutsOut: true,
  },
  reset_factors: {
    ...harmless,
    from: STATUSES.filter((status) => status !== 'DEPROVISIONED'),
    to: stays,
    event: 'user.mfa.factor.reset_all',
  },
};

export const allows = (name: LifecycleOperation, user: Subject): boolean => {
  const { from, concerns } = OPERATIONS[name];
  return from.includes(user.status) && (concerns?.(user) ?? true);
};

/** Statuses in which a new password makes the user active: it was all that was missing. */
export const ACTIVATED_BY_PASSWORD: ReadonlySet<UserStatus> = new Set(['PROVISIONED', 'PASSWORD_EXPIRED', 'RECOVERY']);

/** What may be done with credentials, by status. */
export const CREDENTIAL_STATUSES = {
  change_password: ['STAGED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'],
  change_recovery_question: ['STAGED', 'ACTIVE', 'RECOVERY'],
  forgot_password: ['ACTIVE'],
} as const satisfies Record<string, readonly UserStatus[]>;
