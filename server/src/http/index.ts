/**
 * http: the server, its errors, paging, cookies, headers and the outbound client. It is not a place for domain rules.
 * Level 1: imports `shared` only.
 */
export { ApiError, apiErrors, type ErrorCause } from './api-errors.ts';
export { formOf, LONG_BODY_LIMIT, parseJson } from './body-parsers.ts';
export { allowOrigin, comesFromStranger, sendPreflight, type TrustedPages } from './browser/cors.ts';
export { ownPath } from './browser/own-path.ts';
export { showWhenBusy } from './busy.ts';
export {
  SESSION_COOKIE,
  sessionCookie,
  TRANSACTION_COOKIE_PREFIX,
  transactionCookie,
} from './cookies.ts';
export {
  createEgress,
  type Egress,
  type EgressError,
  type EgressErrorCode,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
} from './egress/index.ts';
export { administrator, type Guard, lacksScope, principalOf, signedIn } from './guards.ts';
export { createRateLimiter, networkOf, type RateLimiter, type RateState } from './rate-limit.ts';
export { type ClientInfo, clientOf, isManagement, type Principal, type RequestOrg } from './request-context.ts';
export { describedUnder } from './resources/described.ts';
export { ifMatch, requireVersion, sendVersioned } from './resources/etag.ts';
export { LIFECYCLE, managedRoutes } from './resources/managed-routes.ts';
export { idCursor, limitOf, NO_CONTENT, type Page, pageOf, sendPage, textQuery } from './resources/pagination.ts';
export { isRole, mayCall, ROLES, type Role, SUPER_ADMIN } from './roles/roles.ts';
export { API_SCOPES, holdsScope, isApiScope, MAKES_ADMINISTRATORS, scopeOf } from './roles/scopes.ts';
export { type PagePolicy, pageHeaders } from './security-headers.ts';
export { createServer, type ServerDeps } from './server.ts';
export { singlePageApp } from './single-page-app.ts';
