/**
 * The words of the console's forms, one row each, with the other spellings that guides use for the same thing. Guides write the name
 * of the product that they describe where `PRODUCT` stands here. The command palette finds an entry by its aliases too.
 */

/** The product's name wherever a label names the product. */
export const PRODUCT = 'Gatehouse';

interface Label {
  text: string;
  aliases?: string[];
}

const rows = {
  addIdentityProvider: { text: 'Add identity provider', aliases: ['Add Identity Provider'] },
  openIdConnectIdp: { text: 'OpenID Connect IdP', aliases: ['Add OpenID Connect IdP'] },
  editProfileAndMappings: { text: 'Edit Profile and Mappings' },
  saveMappings: { text: 'Save Mappings' },
  applyUpdatesNow: { text: 'Apply updates now' },
  finish: { text: 'Finish', aliases: ['Update Identity Provider'] },
  name: { text: 'Name', aliases: ['Rule Name'] },
  displayName: { text: 'Display name' },
  idpUsage: { text: 'IdP Usage' },
  scopes: { text: 'Scopes', aliases: ['Scope'] },
  clientId: { text: 'Client ID' },
  authenticationType: { text: 'Authentication type', aliases: ['Authentication Type', 'Client authentication'] },
  clientSecret: { text: 'Client Secret', aliases: ['Client secret'] },
  privateKey: { text: 'Private key' },
  issuer: { text: 'Issuer' },
  authorizationEndpoint: { text: 'Authorization endpoint' },
  tokenEndpoint: { text: 'Token endpoint' },
  jwksEndpoint: { text: 'JWKS endpoint' },
  userInfoEndpoint: { text: 'UserInfo endpoint', aliases: ['Userinfo endpoint'] },
  requirePkce: { text: 'Require PKCE', aliases: ['Enable PKCE', 'Proof Key for Code Exchange'] },
  idpUsername: { text: 'IdP Username' },
  filter: { text: 'Filter' },
  matchAgainst: { text: 'Match against', aliases: ['Match Against'] },
  matchUsername: { text: `${PRODUCT} Username` },
  matchEmail: { text: 'Email' },
  matchUsernameOrEmail: { text: `${PRODUCT} Username or Email` },
  matchAttribute: { text: 'Custom attribute' },
  accountLinkPolicy: { text: 'Account Link Policy' },
  automatic: { text: 'Automatic' },
  disabled: { text: 'Disabled' },
  autoLinkRestrictions: { text: 'Auto-link restrictions', aliases: ['Auto-link'] },
  noMatch: { text: 'If no match is found' },
  createNewUser: { text: 'Create New User (JIT)' },
  redirectToSignIn: { text: `Redirect to ${PRODUCT} sign-in page`, aliases: [`Redirect to ${PRODUCT} Sign-in Page`] },
  profileSource: { text: 'Profile Source' },
  updateExistingUsers: { text: 'Update attributes for existing users' },
  samlIdp: { text: 'SAML 2.0 IdP', aliases: ['Add SAML 2.0 IdP'] },
  idpIssuer: { text: 'IdP Issuer URI' },
  idpSsoUrl: { text: 'IdP Single Sign-On URL' },
  idpCertificate: { text: 'IdP Signature Certificate' },
  requestBinding: { text: 'Request Binding' },
  httpPost: { text: 'HTTP Post' },
  httpRedirect: { text: 'HTTP Redirect' },
  signRequests: { text: 'Sign SAML Authentication Requests', aliases: ['Request Signature'] },
  signatureAlgorithm: {
    text: 'Response & Request Signature Verification',
    aliases: ['Request Signature Algorithm', 'Response Signature Algorithm'],
  },
  destination: { text: 'Destination' },
  downloadMetadata: { text: 'Download metadata' },
  redirectUri: { text: 'Redirect URI' },
  addRoutingRule: { text: 'Add Routing Rule' },
  useThisProvider: { text: 'Use this identity provider', aliases: ['Then Use this identity provider'] },
  userIp: { text: "User's IP is", aliases: ['If User IPs'] },
  addZone: { text: 'Add zone', aliases: ['Add IP zone', 'Add Zone'] },
  zoneName: { text: 'Zone name', aliases: ['Zone Name'] },
  gatewayIps: { text: 'Gateway IPs' },
  trustedProxyIps: { text: 'Trusted proxy IPs', aliases: ['Proxy IPs'] },
  blockZone: { text: 'Block access from IPs matching conditions listed in this zone', aliases: ['Blocklist'] },
  createEventHook: { text: 'Create Event Hook' },
  endpointUrl: { text: 'Endpoint URL', aliases: ['URL'] },
  authenticationField: { text: 'Authentication field' },
  authenticationSecret: { text: 'Authentication secret', aliases: ['Authentication Secret'] },
  customHeaderFields: { text: 'Custom header fields' },
  subscribeToEvents: { text: 'Subscribe to events' },
  saveAndContinue: { text: 'Save & Continue' },
  verify: { text: 'Verify' },
  userMatches: { text: 'User matches', aliases: ['And User matches'] },
  devicePlatform: { text: 'Device platform', aliases: ['And Device Platform'] },
  userAccessing: { text: 'User is accessing', aliases: ['And Application'] },
  createRule: { text: 'Create Rule' },
  createRuleAndActivate: { text: 'Create Rule and Activate', aliases: ['Save and Activate Rule'] },
  activate: { text: 'Activate' },
  deactivate: { text: 'Deactivate' },
  userDefault: { text: `${PRODUCT} User (default)`, aliases: ['User (default)'] },
  groupProfile: { text: `${PRODUCT} Group` },
  addAttribute: { text: '+ Add Attribute', aliases: ['Add Attribute'] },
  dataType: { text: 'Data Type', aliases: ['Data type'] },
  attributeDisplayName: { text: 'Display Name', aliases: ['Display name'] },
  variableName: { text: 'Variable Name', aliases: ['Variable name'] },
  externalName: { text: 'External Name', aliases: ['External name'] },
  description: { text: 'Description' },
  saveAttribute: { text: 'Save Attribute', aliases: ['Save'] },
  importFromCsv: { text: 'Import from CSV', aliases: ['Import users from CSV'] },
  addPerson: { text: 'Add Person', aliases: ['Add person'] },
  addGroup: { text: 'Add Group', aliases: ['Add Groups', 'Add group'] },
  assignPeople: { text: 'Assign People', aliases: ['Manage People'] },
  createAppIntegration: { text: 'Create App Integration', aliases: ['Add application', 'Browse App Catalog'] },
  applicationLabel: { text: 'App integration name', aliases: ['Application Label'] },
  assignments: { text: 'Assignments', aliases: ['Assignment'] },
  assignToGroups: { text: 'Assign to Groups' },
  assignToPeople: { text: 'Assign to People' },
  createToken: { text: 'Create Token', aliases: ['Create token'] },
} as const satisfies Record<string, Label>;

export type LabelKey = keyof typeof rows;

/** The words on the screen. */
export const labels = Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, row.text])) as Record<
  LabelKey,
  string
>;

/** Every spelling of a label, for searching. */
export function spellings(key: LabelKey): string[] {
  const row: Label = rows[key];
  return [row.text, ...(row.aliases ?? [])];
}
