/**
 * authorization-server: OAuth 2.0 and OpenID Connect towards applications: authorize, token, keys, userinfo, introspect, revoke,
 * logout, discovery (contract §11). It is not the sign-in (which it asks for, and which asks it for the answer) nor a provider's
 * protocol. Level 4: applications, identity providers and the sign-in arrive as ports.
 */
export type { Client, ClientClaim, Clients } from './client.ts';
export type { GrantAuthentication, GrantDraft, GrantRow } from './grants/draft.ts';
export type { Lifetimes } from './issue/lifetimes.ts';
export { SEALED_KEYS } from './keys/store.ts';
export type { ActiveSession, AuthorizationServerDeps, PageProblem, Pages, SignInPort, TokenUser } from './ports.ts';
export type { AuthorizationRequest } from './request.ts';
export { type AuthorizationServer, createAuthorizationServer } from './service.ts';
export type { ApiAccess } from './token-use/api-access.ts';
