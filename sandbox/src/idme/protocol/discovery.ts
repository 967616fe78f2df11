/** The discovery document with the members that ID.me's has: no policy handle, no claims, no PKCE (contract: providers §2.1). */
export function discoveryDocument(url: string): Record<string, unknown> {
  return {
    issuer: `${url}/oidc`,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    userinfo_endpoint: `${url}/api/public/v3/userinfo`,
    jwks_uri: `${url}/oidc/.well-known/jwks`,
    scopes_supported: ['openid'],
    response_types_supported: [
      'code',
      'token',
      'id_token',
      'code id_token',
      'code token',
      'id_token token',
      'code id_token token',
    ],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    id_token_encryption_alg_values_supported: ['RSA-OAEP'],
    id_token_encryption_enc_values_supported: ['A256CBC-HS512'],
    userinfo_signing_alg_values_supported: ['RS256', 'ES256'],
    userinfo_encryption_alg_values_supported: ['RSA-OAEP'],
    userinfo_encryption_enc_values_supported: ['A256CBC-HS512'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  };
}
