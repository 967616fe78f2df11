/** What is doubtful in the policy of any provider, whatever its protocol. */
import type { LintRule } from './preset.ts';

export const ACCOUNT_RULES: readonly LintRule[] = [
  {
    code: 'email_trusted_despite_claim',
    severity: 'warning',
    field: 'policy.trustEmail',
    message:
      'Addresses that the provider itself calls unverified may match existing people: whoever can enter an address there can take over the account here.',
    applies: (read) =>
      read.is('policy.trustEmail', 'PROVIDER_DESPITE_CLAIM') && !read.is('policy.accountLink.action', 'DISABLED'),
  },
  {
    code: 'email_trusted_by_provider',
    severity: 'info',
    field: 'policy.trustEmail',
    message: 'You vouch that this provider verifies e-mail addresses: a matching address links an existing person.',
    applies: (read) =>
      (read.is('policy.trustEmail', 'PROVIDER') || read.is('policy.trustEmail', undefined)) &&
      !read.is('policy.accountLink.action', 'DISABLED'),
  },
  {
    code: 'administrators_may_be_linked',
    severity: 'warning',
    field: 'policy.accountLink.filter.users.excludeAdmins',
    message: 'Administrators may be linked to this provider: its operators can then sign in as administrators.',
    applies: (read) => read.is('policy.accountLink.filter.users.excludeAdmins', false),
  },
];
