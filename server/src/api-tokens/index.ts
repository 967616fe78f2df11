/**
 * api-tokens: the opaque tokens with which scripts call the management API as their owner (`Authorization: SSWS …`). They are not the
 * tokens that applications receive (authorization-server). Level 3.
 */
export { apiTokenRoutes } from './routes.ts';
export type { ApiTokenWire } from './schema.ts';
export { type ApiTokens, createApiTokens } from './service.ts';
