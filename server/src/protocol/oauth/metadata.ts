/** The discovery document (OIDC Discovery §3, RFC 8414): only what is implemented is advertised. */
import { SCOPES, SUPPORTED_CLAIMS } from './claims.ts';
import { RESPONSE_MODES, RESPONSE_TYPES } from './response.ts';

const GRANT_TYPES = ['authorization_code', 'implicit', 'refresh_token'] as const;
export const TOKEN_AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export const ASSERTION_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384'] as const;
export const ID_TOKEN_ALGORITHMS = ['RS256', 'ES256'] as const;
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;

/**
 * @param endpoints the URL under which the endpoints stand, for example `{B}/oauth2/v1`
 * @param clientCredentials whether applications get tokens for themselves
 */
export function metadataOf(issuer: string, endpoints: string, clientCredentials: boolean): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${endpoints}/authorize`,
    token_endpoint: `${endpoints}/token`,
    userinfo_endpoint: `${endpoints}/userinfo`,
    jwks_uri: `${endpoints}/keys`,
    introspection_endpoint: `${endpoints}/introspect`,
    revocation_endpoint: `${endpoints}/revoke`,
    end_session_endpoint: `${endpoints}/logout`,
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: RESPONSE_MODES,
    grant_types_supported: clientCredentials ? [...GRANT_TYPES, 'client_credentials'] : GRANT_TYPES,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ID_TOKEN_ALGORITHMS,
    scopes_supported: SCOPES,
    claims_supported: SUPPORTED_CLAIMS,
    prompt_values_supported: PROMPTS,
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: TOKEN_AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    introspection_endpoint_auth_methods_supported: TOKEN_AUTH_METHODS,
    introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: TOKEN_AUTH_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}
