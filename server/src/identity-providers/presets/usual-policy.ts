/** The policy that most presets begin with: find the person by the address, create who is not there, join no groups. */
export function usualPolicy({
  profileMaster,
  matchType,
}: {
  profileMaster: boolean;
  matchType: 'USERNAME' | 'USERNAME_OR_EMAIL';
}) {
  return {
    accountLink: { action: 'AUTO', filter: null },
    provisioning: {
      action: 'AUTO',
      profileMaster,
      groups: { action: 'NONE' },
      conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
    },
    subject: { userNameTemplate: { template: 'idpuser.email' }, filter: null, matchType, matchAttribute: null },
  };
}
