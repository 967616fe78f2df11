/** Which `_links` a user carries in which status (contract §3), exactly as clients know them; what an operation allows is operations.ts. */
import type { User, UserStatus } from '../schema.ts';

const PATHS = {
  activate: 'lifecycle/activate',
  reactivate: 'lifecycle/reactivate',
  deactivate: 'lifecycle/deactivate',
  suspend: 'lifecycle/suspend',
  unsuspend: 'lifecycle/unsuspend',
  unlock: 'lifecycle/unlock',
  expirePassword: 'lifecycle/expire_password',
  resetPassword: 'lifecycle/reset_password',
  resetFactors: 'lifecycle/reset_factors',
  changePassword: 'credentials/change_password',
  changeRecoveryQuestion: 'credentials/change_recovery_question',
  forgotPassword: 'credentials/forgot_password',
} as const;

type Relation = keyof typeof PATHS;

const BY_STATUS: Readonly<Record<UserStatus, readonly Relation[]>> = {
  STAGED: ['activate', 'resetFactors'],
  PROVISIONED: ['suspend', 'resetPassword', 'reactivate', 'resetFactors', 'deactivate'],
  ACTIVE: [
    'suspend',
    'resetPassword',
    'forgotPassword',
    'expirePassword',
    'changeRecoveryQuestion',
    'resetFactors',
    'changePassword',
    'deactivate',
  ],
  RECOVERY: ['resetPassword', 'changeRecoveryQuestion', 'resetFactors', 'changePassword', 'deactivate'],
  PASSWORD_EXPIRED: ['resetPassword', 'expirePassword', 'resetFactors', 'changePassword', 'deactivate'],
  LOCKED_OUT: ['unlock', 'resetPassword', 'resetFactors', 'deactivate'],
  SUSPENDED: ['unsuspend', 'deactivate'],
  DEPROVISIONED: ['activate'],
};

/** People of another provider have no password here. */
const OF_PASSWORDS: ReadonlySet<Relation> = new Set([
  'resetPassword',
  'forgotPassword',
  'expirePassword',
  'changePassword',
  'changeRecoveryQuestion',
]);

export function linksOf(user: User, { baseUrl, schemaId }: { baseUrl: string; schemaId: string }) {
  const self = `${baseUrl}/api/v1/users/${user.id}`;
  const relations = BY_STATUS[user.status].filter(
    (relation) => user.provider.type === 'OKTA' || !OF_PASSWORDS.has(relation),
  );
  const operations = relations.map((name) => [name, { href: `${self}/${PATHS[name]}`, method: 'POST' }]);
  return {
    ...Object.fromEntries(operations),
    ...(user.status === 'DEPROVISIONED' ? { delete: { href: self, method: 'DELETE' } } : {}),
    schema: { href: `${baseUrl}/api/v1/meta/schemas/user/${schemaId}` },
    self: { href: self },
    type: { href: `${baseUrl}/api/v1/meta/types/user/${user.typeId}` },
  };
}
