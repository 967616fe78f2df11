/**
 * Which scope of an access token opens which route of the management API, as one table (security.md K7). A route that no row names is
 * closed to access tokens, whatever their scopes: API tokens and the console call it. Roles are asked besides (roles.ts): both must allow.
 */
const RESOURCES = [
  'apiTokens',
  'appGrants',
  'apps',
  'clients',
  'eventHooks',
  'groups',
  'idps',
  'networkZones',
  'orgs',
  'policies',
  'profileMappings',
  'roles',
  'schemas',
  'sessions',
  'trustedOrigins',
  'userTypes',
  'users',
] as const;
type Resource = (typeof RESOURCES)[number] | 'logs';

/** Every scope that can be granted: `read` of each resource, and `manage` (which includes reading) where there is something to change. */
export const API_SCOPES: readonly string[] = [
  ...RESOURCES.flatMap((resource) => [`okta.${resource}.manage`, `okta.${resource}.read`]),
  'okta.logs.read',
].sort();
const KNOWN: ReadonlySet<string> = new Set(API_SCOPES);

/** Who has it can make anybody an administrator: no other scope may lead to the account of one. */
export const MAKES_ADMINISTRATORS = 'okta.roles.manage';

export const isApiScope = (text: string): boolean => KNOWN.has(text);

interface Row {
  /** The beginning of a route's pattern, or all of it: it ends where a segment ends. */
  under: string;
  /** Null: closed to access tokens. */
  resource: Resource | null;
  /** Only this method; all where it is absent. */
  method?: string;
}

/** The first row that fits decides, so what is narrower stands above. */
const ROWS: readonly Row[] = [
  // An API token acts with everything that its owner may do: a token with scopes must not make one.
  { under: '/api/v1/api-tokens', method: 'POST', resource: null },
  { under: '/api/v1/api-tokens', resource: 'apiTokens' },
  { under: '/api/v1/users/:userId/roles', resource: 'roles' },
  { under: '/api/v1/users/:userId/sessions', resource: 'sessions' },
  { under: '/api/v1/users/:userId/idps', resource: 'idps' },
  { under: '/api/v1/users', resource: 'users' },
  { under: '/api/v1/groups', resource: 'groups' },
  { under: '/api/v1/meta/types', resource: 'userTypes' },
  { under: '/api/v1/meta/schemas', resource: 'schemas' },
  { under: '/api/v1/mappings', resource: 'profileMappings' },
  { under: '/api/internal/v1/mappings', resource: 'profileMappings' },
  { under: '/api/v1/idps', resource: 'idps' },
  { under: '/api/v1/policies', resource: 'policies' },
  { under: '/api/v1/apps/:id/grants', resource: 'appGrants' },
  { under: '/api/v1/apps', resource: 'apps' },
  { under: '/api/v1/internal/apps', resource: 'apps' },
  { under: '/api/v1/eventHooks', resource: 'eventHooks' },
  { under: '/api/gatehouse/v1/event-hooks', resource: 'eventHooks' },
  { under: '/api/gatehouse/v1/event-types', resource: 'eventHooks' },
  { under: '/api/v1/logs', resource: 'logs' },
  { under: '/api/v1/org', resource: 'orgs' },
  { under: '/api/v1/zones', resource: 'networkZones' },
  { under: '/api/v1/sessions', resource: 'sessions' },
  { under: '/api/v1/trustedOrigins', resource: 'trustedOrigins' },
  { under: '/oauth2/v1/clients/:clientId/roles', resource: 'roles' },
  { under: '/api/gatehouse/v1/identity-provider-presets', resource: 'idps' },
  { under: '/api/gatehouse/v1/identity-providers', resource: 'idps' },
  { under: '/api/gatehouse/v1/user-types', resource: 'userTypes' },
  { under: '/api/gatehouse/v1/users/:userId/provenance', resource: 'users' },
  // A preview shows profiles, and no scope of mappings is one of people.
  { under: '/api/gatehouse/v1/mappings/:id/preview', resource: null },
  { under: '/api/gatehouse/v1/mappings', resource: 'profileMappings' },
  { under: '/api/gatehouse/v1/groups', resource: 'groups' },
  { under: '/api/gatehouse/v1/group-rules', resource: 'groups' },
  { under: '/api/gatehouse/v1/sign-ins', resource: 'logs' },
  { under: '/api/gatehouse/v1/signing-keys', resource: 'orgs' },
  { under: '/api/gatehouse/v1/org', resource: 'orgs' },
  { under: '/api/gatehouse/v1/api-scopes', resource: 'appGrants' },
];

/** The scope that a call needs; null where no scope opens the route. @param route its pattern, for example `/api/v1/users/:userId` */
export function scopeOf(method: string, route: string): string | null {
  const row = ROWS.find(
    ({ under, method: only }) =>
      (only === undefined || only === method) && (route === under || route.startsWith(`${under}/`)),
  );
  if (row === undefined || row.resource === null) return null;
  const scope = `okta.${row.resource}.${method === 'GET' || method === 'HEAD' ? 'read' : 'manage'}`;
  return isApiScope(scope) ? scope : null;
}

/** Whether scopes hold one: to manage includes to read. */
export const holdsScope = (scopes: readonly string[], wanted: string): boolean =>
  scopes.includes(wanted) || scopes.includes(wanted.replace(/\.read$/, '.manage'));
