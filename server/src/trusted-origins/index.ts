/**
 * trusted-origins: pages elsewhere that may call the authorization server with a person's session (rulings 29). It is not the list of
 * redirect URIs, which an application has. Level 3.
 */
export { trustedOriginRoutes } from './routes.ts';
export { createTrustedOrigins, type TrustedOrigins } from './service.ts';
