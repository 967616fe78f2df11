/** Where ID.me's endpoints are, below the base URL (contract: providers §2.1). */
export const PATHS = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  userinfo: '/api/public/v3/userinfo',
  jwks: '/oidc/.well-known/jwks',
  discovery: '/oidc/.well-known/openid-configuration',
  logout: '/oauth/logout',
} as const;
