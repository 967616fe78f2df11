/**
 * Who calls the management API (rulings 29): an API token or an access token in the Authorization header, or the console's session
 * cookie, which counts only where a browser says that the page of this very origin asks and the page adds a header that no form and no foreign page can.
 * So a page elsewhere can never act with somebody's cookie (security.md C3).
 */
import type { FastifyRequest } from 'fastify';
import { apiErrors, type Principal, type RequestOrg } from '../http/index.ts';

export interface AuthenticatorDeps {
  /** Whom an access token of ours acts for; null for what is none. */
  accessTokens: { verify(org: RequestOrg, token: string): Promise<Principal | null> };
  apiTokens: { verify(orgId: string, secret: string, ip: string): Promise<Principal | null> };
  /** The person of the request's session cookie; null without a live session. */
  sessionPrincipal(request: FastifyRequest): Promise<Principal | null>;
}

export const CONSOLE_HEADER = 'x-gatehouse-console';

const CREDENTIALS = /^(SSWS|Bearer) +([\x21-\x7e]{1,512})$/i;
/** How access tokens of the org's own issuer begin; every other Bearer is an API token. */
const ACCESS_TOKEN = 'hub_at_';

/** Null: nobody. Throws E0000011 for an Authorization header that holds no valid token; a cookie never stands in for it. */
export function createAuthenticator({ apiTokens, accessTokens, sessionPrincipal }: AuthenticatorDeps) {
  return async (request: FastifyRequest): Promise<Principal | null> => {
    const { authorization } = request.headers;
    if (authorization === undefined) return isOwnConsole(request) ? sessionPrincipal(request) : null;
    const [, scheme = '', secret = ''] = CREDENTIALS.exec(authorization) ?? [];
    const access = scheme.toLowerCase() === 'bearer' && secret.startsWith(ACCESS_TOKEN);
    const principal = access
      ? await accessTokens.verify(request.org, secret)
      : await apiTokens.verify(request.org.id, secret, request.ip);
    if (principal === null) throw apiErrors.invalidToken();
    return principal;
  };
}

function isOwnConsole({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'same-origin' && Boolean(headers[CONSOLE_HEADER]);
}
