/** What the document says beside the routes: groups of operations in their order, names of resources, the refusals that every call knows. */

/** Groups of operations in the order in which a reader needs them. A route's tag has to be one of these. */
export const TAGS: Readonly<Record<string, string>> = {
  Users: 'People: their profiles, statuses, passwords, administrator roles and sessions.',
  'Administrator roles': 'Which roles people have.',
  Sessions: 'Signed-in browsers, and signing in by password.',
  'User types': 'Kinds of people, each with a profile of its own.',
  Groups: 'Groups and their members.',
  'Group rules': 'Who becomes a member by what the profile says.',
  Schemas: 'Which attributes the profiles of people, groups, providers and applications have.',
  'Profile mappings': 'How one profile becomes another.',
  'Identity providers':
    'Where people sign in: OpenID Connect and SAML 2.0 providers, their keys and the people linked to them.',
  'Identity provider keys': "Certificates by which providers are trusted, and the hub's own keys towards them.",
  'Identity provider metadata': 'The hub as providers read it, and providers as the hub reads them.',
  Policies: 'Routing rules: which provider serves whom.',
  Applications: 'Applications that receive identities.',
  'Application assignments': 'Who may use an application.',
  'Access of applications': 'What applications may ask of this API, and as what.',
  'Network zones': 'Addresses under a name.',
  'Trusted origins': 'Pages elsewhere that may call the hub from a browser.',
  'API tokens': 'Secrets that act for their owner.',
  'Event hooks': 'Addresses that are told of events.',
  'System Log': 'What happened, for reading and polling.',
  'Sign-in traces': 'What a single sign-in went through.',
  Imports: 'People and memberships from CSV files.',
  Mail: 'Messages that the hub sends.',
  Jobs: 'Long work: its progress, and how to steer it.',
  Org: 'The org itself and its settings.',
  'Signing keys': 'The keys that sign tokens.',
  API: 'This description.',
};

/** The resource that an operation answers with; the first row that fits decides. A list holds many of it. */
const RESOURCES: readonly (readonly [path: RegExp, name: string])[] = [
  [/^\/api\/v1\/users\/\{\w+\}\/idps$/, 'IdentityProvider'],
  [/^\/api\/v1\/users\/\{\w+\}\/groups$/, 'Group'],
  [/^\/api\/v1\/users\/\{\w+\}\/appLinks$/, 'AppLink'],
  [/\/roles(\/\{\w+\})?$/, 'Role'],
  [/^\/api\/v1\/users(\/\{\w+\}|\/me)?$/, 'User'],
  [/^\/api\/v1\/groups\/rules(\/\{\w+\})?$/, 'GroupRule'],
  [/^\/api\/v1\/groups\/\{\w+\}\/users$/, 'User'],
  [/^\/api\/v1\/groups\/\{\w+\}\/apps$/, 'Application'],
  [/^\/api\/v1\/groups(\/\{\w+\})?$/, 'Group'],
  [/^\/api\/v1\/meta\/schemas\//, 'Schema'],
  [/^\/api\/v1\/meta\/types\/user/, 'UserType'],
  [/^\/api\/v1\/mappings(\/\{\w+\})?$/, 'ProfileMapping'],
  [/^\/api\/v1\/idps\/credentials\/keys/, 'TrustKey'],
  [/^\/api\/v1\/idps\/\{\w+\}\/credentials\/keys/, 'SigningKey'],
  [/^\/api\/v1\/idps\/\{\w+\}\/users/, 'LinkedUser'],
  [/^\/api\/v1\/idps(\/\{\w+\}(\/lifecycle\/\w+)?)?$/, 'IdentityProvider'],
  [/^\/api\/v1\/policies\/\{\w+\}\/rules/, 'PolicyRule'],
  [/^\/api\/v1\/policies/, 'Policy'],
  [/^\/api\/v1\/apps\/\{\w+\}\/users/, 'AppUser'],
  [/^\/api\/v1\/apps\/\{\w+\}\/groups/, 'AppGroup'],
  [/^\/api\/v1\/apps\/\{\w+\}\/grants/, 'Grant'],
  [/^\/api\/v1\/apps(\/\{\w+\})?$/, 'Application'],
  [/^\/api\/v1\/zones/, 'NetworkZone'],
  [/^\/api\/v1\/trustedOrigins/, 'TrustedOrigin'],
  [/^\/api\/v1\/api-tokens/, 'ApiToken'],
  [/^\/api\/v1\/eventHooks/, 'EventHook'],
  [/^\/api\/v1\/logs$/, 'LogEvent'],
  [/^\/api\/gatehouse\/v1\/jobs(\/\{\w+\}(\/lifecycle\/\w+)?)?$/, 'Job'],
  [/^\/api\/v1\/sessions/, 'Session'],
  [/^\/api\/v1\/org$/, 'Org'],
];

export const resourceOf = (path: string): string | undefined => RESOURCES.find(([form]) => form.test(path))?.[1];

export interface Refusal {
  description: string;
  errorCode: string;
  errorSummary: string;
  errorCauses: { errorSummary: string }[];
}

const refusal = (description: string, errorCode: string, errorSummary: string, cause?: string): Refusal => ({
  description,
  errorCode,
  errorSummary,
  errorCauses: cause === undefined ? [] : [{ errorSummary: cause }],
});

export const REFUSALS = {
  400: refusal(
    'What was sent does not fit: E0000001 a field, E0000003 the body, E0000031 a search, E0000053 a filter.',
    'E0000001',
    'Api validation failed: login',
    'login: An object with this field already exists in the current organization',
  ),
  401: refusal(
    'Nobody is calling: E0000004 no credentials, E0000011 an unknown or expired token.',
    'E0000011',
    'Invalid token provided',
  ),
  403: refusal(
    'The caller may not: E0000005 the session, E0000006 the role or scope, E0000038 the state of the object.',
    'E0000006',
    'You do not have permission to perform the requested action',
  ),
  404: refusal(
    'E0000007: there is no such object.',
    'E0000007',
    'Not found: Resource not found: 00u0000000000000001 (User)',
  ),
  412: refusal(
    'If-Match names a version that has passed.',
    'E0000001',
    'Api validation failed: If-Match',
    'If-Match: The object was changed by somebody else since it was read. Read it again and repeat the change.',
  ),
  429: refusal(
    'E0000047: too many requests; X-Rate-Limit-Reset says when to come back.',
    'E0000047',
    'API call exceeded rate limit due to too many requests.',
  ),
  503: refusal(
    'E0000010: a lock or the time of the database was not to be had. Nothing was changed; Retry-After says when to come back.',
    'E0000010',
    'The service is busy with other changes.',
    'Nothing was changed. Repeat the request in a few seconds.',
  ),
} as const;

/** What the parameters of lists mean, wherever they stand. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  q: 'The beginning of a name; the first matches without paging.',
  filter: 'A condition over a few fields, for example `status eq "ACTIVE"`.',
  search: 'A condition over any attribute: eq, sw, co, gt, ge, lt, le, pr, joined by `and` and `or`.',
  sortBy: 'The field by which the answer of a search is sorted.',
  sortOrder: 'asc or desc; for the System Log ASCENDING or DESCENDING.',
  limit: 'Entries per page.',
  after: 'The cursor of the next page, from the Link header.',
  expand: 'What else to embed.',
  type: 'Of which kind.',
  activate: 'false: made, but not switched on yet.',
  provider: 'true: the provider that the body names counts.',
  nextLogin: 'changePassword: a new password is asked for at the next sign-in.',
  sendEmail: 'false: the link comes in the answer instead of by mail.',
  revokeSessions: 'true: sessions end too.',
  oauthTokens: 'true: tokens and consents end too.',
  removeUsers: 'true: who came by it leaves.',
  strict: 'true: the rules for new passwords are checked too.',
  since: 'The beginning, in ISO 8601.',
  until: 'The end, in ISO 8601.',
  sourceId: 'Of which source.',
  targetId: 'Of which target.',
  source: 'Of which source.',
  target: 'Of which target.',
  validityYears: 'From 2 to 10.',
  targetIdpId: 'The provider that gets the copy.',
  fileName: 'The name that people see.',
  outcome: 'Only rows of this outcome.',
  kind: 'Only jobs of this kind.',
  status: 'Only those of this status.',
  subjectId: 'Only jobs of this object.',
  tag: 'A group of operations.',
};
