/** English texts of the screen of API tokens. */
export const texts = {
  title: 'API',
  sentence: 'Tokens let programs use the API with the rights of the person who created them.',
  tab: 'Tokens',
  empty: {
    title: 'No token',
    sentence: 'Create one for a script, for Terraform, or for a provider that has to update people here.',
  },
  columns: { name: 'Name', created: 'Created', used: 'Last used', expires: 'Expires', id: 'ID' },
  dialog: 'Create Token',
  name: 'Token name',
  nameHelp: 'Say which program will use it.',
  made: 'Token created',
  madeSentence: 'Copy it now: it is not shown again. A program sends it as “Authorization: SSWS …”.',
  token: 'Token',
  done: 'Done',
  revoke: 'Revoke',
  revoked: 'Token revoked.',
  ask: (name: string) => `Revoke ${name}?`,
  askSentence: 'Programs that use it are refused from now on. This cannot be undone.',
};
