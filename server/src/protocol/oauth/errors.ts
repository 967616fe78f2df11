/** Every error of the authorization server's endpoints: its code, its public wording (contract §11.2, §11.3) and its status. */
export interface OAuthError {
  error: string;
  error_description: string;
}

const error = (code: string, description: string): OAuthError => ({ error: code, error_description: description });
const request = (description: string) => error('invalid_request', description);
const list = (values: readonly string[]) => `[${values.join(', ')}]`;

/** Errors of authorize. Those of `clientUnknown` and `redirectUriInvalid` never leave the hub by a redirect. */
export const authorizeErrors = {
  clientUnknown: () => error('invalid_client', "Invalid value for 'client_id' parameter."),
  redirectUriInvalid: () =>
    request("The 'redirect_uri' parameter must be a Login redirect URI in the client app settings."),
  duplicated: (name: string) => request(`The '${name}' parameter was sent more than once.`),
  responseTypeUnsupported: (configured: readonly string[]) =>
    error(
      'unsupported_response_type',
      `The response type is not supported by the authorization server. Configured response types: ${list(configured)}`,
    ),
  responseModeUnsupported: (configured: readonly string[]) =>
    error(
      'unsupported_response_mode',
      `The response mode is not supported by the authorization server. Configured response modes: ${list(configured)}`,
    ),
  responseModeQuery: () =>
    error(
      'unsupported_response_mode',
      "'query' response mode cannot be used with either the 'id_token' or 'token' response types.",
    ),
  requestObject: () => error('request_not_supported', "The 'request' parameter is not supported."),
  requestUri: () => error('request_uri_not_supported', "The 'request_uri' parameter is not supported."),
  stateInvalid: () => request("The authentication request has an invalid 'state' parameter."),
  scopeMissing: () => error('invalid_scope', 'No scopes were requested.'),
  scopeUnknown: () =>
    error('invalid_scope', 'One or more scopes are not configured for the authorization server resource.'),
  scopeWithoutOpenid: () =>
    error('invalid_scope', "The 'openid' scope is required for response types that contain 'id_token'."),
  nonceMissing: () =>
    request(
      "The 'nonce' parameter is required for authorize requests with either the 'id_token' or 'token' response types..",
    ),
  challengeMissing: () => request('PKCE code challenge is required by the application.'),
  challengeMethod: () => request("The 'code_challenge_method' parameter must be 'S256'."),
  challengeMalformed: () => request("The 'code_challenge' parameter is not a SHA-256 digest in base64url."),
  valueInvalid: (name: string) => request(`The '${name}' parameter has an invalid value.`),
  identityProvider: () => request('Identity provider is not valid.'),
  identityProviderScope: () =>
    request("The 'idp_scope' parameter is not allowed: the scopes of the identity provider are fixed by its settings."),
  loginRequired: () => error('login_required', 'The client specified not to prompt, but the user is not logged in.'),
  notFreshEnough: () =>
    error('login_required', 'The user was not authenticated as recently as the application asked for.'),
  otherUser: () => error('login_required', 'Another user than the one that the application named signed in.'),
  notAssigned: () => error('access_denied', 'User is not assigned to the client application.'),
} as const;

/** Errors of the token endpoint and its neighbours. */
export const tokenErrors = {
  duplicated: (name: string) => request(`The '${name}' parameter was sent more than once.`),
  missing: (name: string) => request(`The token request must specify the '${name}' parameter.`),
  notAForm: () => request('The request body must be a form (application/x-www-form-urlencoded).'),
  severalCredentials: () =>
    request(
      'Cannot supply multiple client credentials: use the Authorization header, the body, or a client_assertion.',
    ),
  clientInvalid: () =>
    error('invalid_client', 'Client authentication failed. Either the client or the client credentials are invalid.'),
  credentialsMissing: () => error('invalid_client', 'No client credentials found.'),
  secretInvalid: () => error('invalid_client', 'The client secret supplied for a confidential client is invalid.'),
  assertionInvalid: (why: string) => error('invalid_client', `The client_assertion is invalid: ${why}`),
  grantTypeUnsupported: () =>
    error('unsupported_grant_type', 'The authorization grant type is not supported by the authorization server.'),
  grantTypeNotAllowed: () =>
    error('unauthorized_client', 'The client is not authorized to use the provided grant type.'),
  codeInvalid: () => error('invalid_grant', 'The authorization code is invalid or has expired.'),
  refreshTokenInvalid: () => error('invalid_grant', 'The refresh token is invalid or expired.'),
  verificationFailed: () => error('invalid_grant', 'PKCE verification failed.'),
  redirectUriMismatch: () =>
    error('invalid_grant', "The 'redirect_uri' does not match the redirection URI used in the authorization request."),
  otherClient: () =>
    error(
      'invalid_grant',
      "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request.",
    ),
  keyRequired: () =>
    error(
      'invalid_client',
      'Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.',
    ),
  scopeRequired: () =>
    error(
      'invalid_scope',
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    ),
  scopeNotGranted: () => error('invalid_scope', 'One or more scopes are not granted to the client application.'),
  userUnusable: () => error('invalid_grant', 'The user is no longer allowed to sign in.'),
  scopeWidened: () => error('invalid_scope', 'The requested scope is not among the scopes that were granted.'),
} as const;

export const logoutErrors = {
  redirectUriInvalid: () =>
    request("The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings."),
  hintInvalid: () => request("The 'id_token_hint' parameter is not valid."),
} as const;

/** `WWW-Authenticate` values of userinfo (RFC 6750 §3, contract §11.4). */
export const BEARER_CHALLENGE = {
  missing: 'Bearer',
  invalid: 'Bearer error="invalid_token", error_description="The access token is invalid"',
  scope:
    'Bearer error="insufficient_scope", error_description="The access token must have the openid scope", scope="openid"',
} as const;
