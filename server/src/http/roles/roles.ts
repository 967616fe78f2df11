/**
 * Which administrator role may call which route (rulings 62; security.md K7), as one table. A route that no row names is the super
 * administrator's alone. Whom a call may concern is the management API's question (admin-api/protected-administrators.ts).
 */
export const SUPER_ADMIN = 'SUPER_ADMIN';

/** The roles, with the names that people read. */
export const ROLES = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organization Administrator',
  APP_ADMIN: 'Application Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  READ_ONLY_ADMIN: 'Read-only Administrator',
} as const;
export type Role = keyof typeof ROLES;

export const isRole = (text: string): text is Role => Object.hasOwn(ROLES, text);

interface Row {
  /** The beginning of a route's pattern, or all of it: it ends where a segment ends. */
  under: string;
  /** GET and HEAD. */
  read: readonly Role[];
  change: readonly Role[];
}

const NOBODY: readonly Role[] = [];
const ORG: readonly Role[] = ['ORG_ADMIN'];
const APPS: readonly Role[] = ['ORG_ADMIN', 'APP_ADMIN'];
const READERS: readonly Role[] = ['ORG_ADMIN', 'READ_ONLY_ADMIN'];
const APP_READERS: readonly Role[] = [...READERS, 'APP_ADMIN'];
const ALL: readonly Role[] = [...APP_READERS, 'HELP_DESK_ADMIN'];
const HELP: readonly Role[] = ['ORG_ADMIN', 'HELP_DESK_ADMIN'];

/** The first row that fits decides, so what is narrower stands above. */
const MATRIX: readonly Row[] = [
  { under: '/api/v1/users/:userId/roles', read: READERS, change: NOBODY },
  { under: '/api/v1/users/:userId/lifecycle/unlock', read: NOBODY, change: HELP },
  { under: '/api/v1/users/:userId/lifecycle/expire_password', read: NOBODY, change: HELP },
  { under: '/api/v1/users/:userId/lifecycle/reset_password', read: NOBODY, change: HELP },
  { under: '/api/v1/users/:userId/sessions', read: NOBODY, change: HELP },
  { under: '/api/v1/users', read: ALL, change: ORG },
  { under: '/api/gatehouse/v1/users/:userId/provenance', read: ALL, change: NOBODY },
  { under: '/api/v1/groups', read: ALL, change: ORG },
  { under: '/api/gatehouse/v1/groups', read: ALL, change: ORG },
  { under: '/api/gatehouse/v1/group-rules', read: ALL, change: ORG },
  { under: '/api/v1/meta', read: ALL, change: ORG },
  { under: '/api/gatehouse/v1/user-types', read: ALL, change: ORG },
  { under: '/api/v1/apps/:id/credentials/secrets', read: APPS, change: APPS },
  // Who gives scopes or roles to an application gives away what they open.
  { under: '/api/v1/apps/:id/grants', read: APP_READERS, change: NOBODY },
  { under: '/oauth2/v1/clients/:clientId/roles', read: READERS, change: NOBODY },
  { under: '/api/gatehouse/v1/api-scopes', read: APP_READERS, change: NOBODY },
  { under: '/api/v1/apps', read: APP_READERS, change: APPS },
  { under: '/api/v1/internal/apps', read: APP_READERS, change: APPS },
  // The answer holds the client secret, and its log says who has seen it.
  { under: '/api/v1/idps/:idpId', read: ORG, change: ORG },
  { under: '/api/v1/idps', read: READERS, change: ORG },
  { under: '/api/gatehouse/v1/identity-provider-presets', read: READERS, change: NOBODY },
  { under: '/api/gatehouse/v1/identity-providers', read: READERS, change: ORG },
  { under: '/api/v1/mappings', read: APP_READERS, change: ORG },
  { under: '/api/gatehouse/v1/mappings', read: NOBODY, change: ORG },
  { under: '/api/internal/v1/mappings', read: NOBODY, change: ORG },
  { under: '/api/v1/policies', read: APP_READERS, change: ORG },
  { under: '/api/v1/logs', read: READERS, change: NOBODY },
  { under: '/api/gatehouse/v1/sign-ins', read: READERS, change: NOBODY },
  { under: '/api/gatehouse/v1/signing-keys', read: READERS, change: NOBODY },
  // The text of a message holds a link that signs in as its person.
  { under: '/api/gatehouse/v1/mail/:messageId', read: NOBODY, change: NOBODY },
  { under: '/api/gatehouse/v1/mail', read: READERS, change: NOBODY },
  { under: '/api/gatehouse/v1/jobs', read: READERS, change: ORG },
  { under: '/api/v1/sessions', read: ['ORG_ADMIN', 'HELP_DESK_ADMIN', 'READ_ONLY_ADMIN'], change: HELP },
  { under: '/api/gatehouse/v1/imports', read: ORG, change: ORG },
  { under: '/api/v1/trustedOrigins', read: READERS, change: ORG },
  { under: '/api/v1/eventHooks', read: READERS, change: ORG },
  { under: '/api/gatehouse/v1/event-hooks', read: READERS, change: ORG },
  { under: '/api/gatehouse/v1/event-types', read: READERS, change: NOBODY },
  { under: '/api/v1/zones', read: READERS, change: ORG },
  { under: '/api/v1/org/contacts', read: READERS, change: ORG },
  { under: '/api/v1/org', read: ALL, change: ORG },
  { under: '/api/gatehouse/v1/org', read: READERS, change: ORG },
];

/** @param route the pattern of the route, for example `/api/v1/users/:userId` */
export function mayCall(roles: readonly string[], method: string, route: string): boolean {
  if (roles.includes(SUPER_ADMIN)) return true;
  const row = MATRIX.find(({ under }) => route === under || route.startsWith(`${under}/`));
  if (row === undefined) return false;
  const allowed = method === 'GET' || method === 'HEAD' ? row.read : row.change;
  return allowed.some((role) => roles.includes(role));
}
