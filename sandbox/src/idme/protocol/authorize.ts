import type { KoaContextWithOIDC } from 'oidc-provider';
import { PAGE_HEADERS } from '../../pages/page.ts';
import {
  errorLocation,
  INVALID_CLIENT,
  INVALID_REDIRECT_URI,
  INVALID_SCOPE,
  type Refusal,
  refusalOf,
} from '../faults/refusals.ts';
import { problemPage } from '../pages/problem.ts';
import { policyOf } from '../people/policies.ts';
import type { Sandbox } from '../sandbox.ts';

type Next = () => Promise<unknown>;

interface AuthorizationRequest {
  clientId: string;
  redirectUri: string;
  scope: string;
  responseType: string;
  responseMode: string | undefined;
  state: string | undefined;
}

/** ID.me's own checks of an authorization request, in order; the first that refuses decides (contract: providers §2.4). */
const CHECKS: readonly ((request: AuthorizationRequest, sandbox: Sandbox) => Refusal | null)[] = [
  clientIsKnown,
  redirectUriIsRegistered,
  responseTypeIsCode,
  scopeIsPolicy,
];

function clientIsKnown({ clientId, redirectUri }: AuthorizationRequest, { clients }: Sandbox): Refusal | null {
  if (clients.find(clientId) !== undefined) return null;
  return clients.knowsRedirectUri(redirectUri)
    ? INVALID_CLIENT
    : {
        to: 'page',
        status: 400,
        title: 'This application is not known',
        text: 'The client id cannot be resolved, and the redirect URI belongs to no application.',
      };
}

function redirectUriIsRegistered({ clientId, redirectUri }: AuthorizationRequest, { clients }: Sandbox) {
  return clients.find(clientId)?.redirect_uris.includes(redirectUri) ? null : INVALID_REDIRECT_URI;
}

function responseTypeIsCode({ responseType, responseMode }: AuthorizationRequest): Refusal | null {
  if (responseType !== 'code') {
    return {
      to: 'relying party',
      error: 'unsupported_response_type',
      description: 'this client is set up for response_type code',
    };
  }
  return responseMode === undefined || responseMode === 'query'
    ? null
    : { to: 'relying party', error: 'invalid_request', description: 'response_mode must be query' };
}

/** The scope is exactly `openid` and one policy handle of the client. */
function scopeIsPolicy({ clientId, scope }: AuthorizationRequest, { clients }: Sandbox): Refusal | null {
  const handle = handleOf(scope);
  return handle !== undefined && clients.find(clientId)?.policies.includes(handle) ? null : INVALID_SCOPE;
}

/** The policy handle of a scope; undefined when the scope is anything else than `openid` and one handle. */
export function handleOf(scope: string): string | undefined {
  const parts = scope.split(' ').filter((part) => part !== '');
  const [handle, ...others] = parts.filter((part) => part !== 'openid');
  if (parts.length !== 2 || handle === undefined || others.length > 0) return undefined;
  return policyOf(handle)?.handle;
}

/** Checks the request, then either approves it at once (as the control API said) or lets the sign-in page have it. */
export function authorize(sandbox: Sandbox) {
  return async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    const request = requestOf(new URL(ctx.href).searchParams);
    const refusal =
      CHECKS.reduce<Refusal | null>((found, check) => found ?? check(request, sandbox), null) ??
      approveAtOnce(ctx, request, sandbox);
    if (refusal !== null) return answer(ctx, request, refusal);
    await next();
    withoutIssuer(ctx);
  };
}

/** Each sign-in asks who it is: a session of an earlier one would answer for another person. */
export function forgetFormerSession(ctx: KoaContextWithOIDC): void {
  const cookies = (ctx.headers.cookie ?? '').split(/; */);
  ctx.headers.cookie = cookies.filter((cookie) => !cookie.startsWith('idme_sandbox_session')).join('; ');
}

function requestOf(query: URLSearchParams): AuthorizationRequest {
  return {
    clientId: query.get('client_id') ?? '',
    redirectUri: query.get('redirect_uri') ?? '',
    scope: query.get('scope') ?? '',
    responseType: query.get('response_type') ?? '',
    responseMode: query.get('response_mode') ?? undefined,
    state: query.get('state') ?? undefined,
  };
}

function approveAtOnce(ctx: KoaContextWithOIDC, request: AuthorizationRequest, sandbox: Sandbox): Refusal | null {
  const approval = sandbox.defaults.takeApproval();
  if (approval === null) return null;
  const byDefault = sandbox.defaults.takeFault();
  const fault = approval.fault ?? byDefault;
  const refusal = refusalOf(fault);
  const person = sandbox.persons.find(approval.person);
  if (refusal === null && person !== undefined) {
    ctx.state.signIn = sandbox.signIns.add({ person, policy: handleOf(request.scope) as string, fault });
  }
  return refusal;
}

function answer(ctx: KoaContextWithOIDC, { redirectUri, state }: AuthorizationRequest, refusal: Refusal): void {
  if (refusal.to === 'page') {
    ctx.status = refusal.status;
    ctx.set(PAGE_HEADERS);
    ctx.body = problemPage(refusal);
  } else {
    ctx.redirect(errorLocation(redirectUri, refusal, state));
  }
}

/** ID.me sends neither RFC 9207's iss nor a scope with its errors; the library always does. */
export function withoutIssuer(ctx: KoaContextWithOIDC): void {
  const location = ctx.response.get('location');
  if (!/^https?:/.test(location) || location.startsWith(`${ctx.origin}/oauth/`)) return;
  const target = new URL(location);
  target.searchParams.delete('iss');
  if (target.searchParams.has('error')) target.searchParams.delete('scope');
  ctx.set('location', target.href);
}
