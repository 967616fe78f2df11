/**
 * admin-api: the management API as a whole: who calls it, how often, and its OpenAPI document. It has no resource of its own; every
 * module brings its routes, app.ts hands them over. Level 5.
 */
export { type AuthenticatorDeps, CONSOLE_HEADER, createAuthenticator } from './authenticator.ts';
export { type AdminApiDeps, mountAdminApi } from './mount.ts';
