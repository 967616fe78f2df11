/** The token endpoint: one table of grant types over shared phases: read, authenticate the client, redeem, issue. */
import type { FastifyRequest } from 'fastify';
import { type OAuthError, type Parameters, parametersOf, tokenErrors } from '../../protocol/oauth/index.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Client } from '../client.ts';
import type { AccessTokenDraft, Issuing } from '../issue/issue.ts';
import type { Issuer } from '../issuers.ts';
import type { AuthorizationServerDeps } from '../ports.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { Redeemed } from './redeemed.ts';

export interface TokenResponse {
  token_type: 'Bearer';
  /** Seconds. */
  expires_in: number;
  access_token: string;
  scope: string;
  refresh_token?: string;
  id_token?: string;
}

/** What a grant type is asked, and what it gives: the grant, and the refresh token that goes with it. */
export interface GrantTypeInput {
  request: FastifyRequest;
  issuer: Issuer;
  client: Client;
  parameters: Parameters;
  access: AccessTokenDraft;
}

export type GrantType = (
  input: GrantTypeInput,
) => Promise<Result<{ redeemed: Redeemed; refreshToken: string | null }, OAuthError>>;

export interface TokenEndpointDeps {
  authentication: ClientAuthentication;
  issuing: Issuing;
  grantTypes: Record<'authorization_code' | 'refresh_token', GrantType>;
  traces: AuthorizationServerDeps['traces'];
}

export function createTokenEndpoint(deps: TokenEndpointDeps) {
  const grantTypeOf = (name: string) =>
    Object.hasOwn(deps.grantTypes, name) ? deps.grantTypes[name as keyof typeof deps.grantTypes] : null;

  return async (request: FastifyRequest, issuer: Issuer): Promise<Result<TokenResponse, OAuthError>> => {
    if (!(request.body instanceof URLSearchParams)) return err(tokenErrors.notAForm());
    const parameters = parametersOf(request.body);
    const repeated = parameters.repeated();
    if (repeated !== null) return err(tokenErrors.duplicated(repeated));
    const authenticated = await deps.authentication.authenticate(request, issuer, parameters);
    if (!authenticated.ok) return authenticated;
    const client = authenticated.value;

    const name = parameters.get('grant_type');
    if (name === undefined) return err(tokenErrors.missing('grant_type'));
    const grantType = grantTypeOf(name);
    if (grantType === null) return err(tokenErrors.grantTypeUnsupported());
    if (!client.grantTypes.includes(name)) return err(tokenErrors.grantTypeNotAllowed());

    const access = deps.issuing.draftAccessToken(issuer, request.org.baseUrl);
    const granted = await grantType({ request, issuer, client, parameters, access });
    if (!granted.ok) return granted;
    return ok(await issue(deps, { request, issuer, client, parameters, access }, granted.value));
  };
}

async function issue(
  { issuing, traces }: TokenEndpointDeps,
  { request, issuer, client, access }: GrantTypeInput,
  { redeemed, refreshToken }: { redeemed: Redeemed; refreshToken: string | null },
): Promise<TokenResponse> {
  const orgId = request.org.id;
  const grant = { orgId, issuer: request.org.baseUrl + issuer.path, client, ...redeemed };
  const accessToken = await issuing.accessToken(access, grant);
  const idToken = redeemed.scopes.includes('openid')
    ? await issuing.idToken(grant, { accessToken, withAccessToken: true })
    : null;
  traces.resume(orgId, redeemed.traceId).step({
    kind: 'token.issued',
    outcome: 'PASSED',
    detail: [
      { label: 'scopes', made: redeemed.scopes },
      { label: 'ID token', made: idToken === null ? 'none' : client.idTokenAlg },
      { label: 'refresh', made: refreshToken !== null },
    ],
  });
  return {
    token_type: 'Bearer',
    expires_in: Math.round((access.expires.getTime() - access.created.getTime()) / 1000),
    access_token: accessToken,
    scope: redeemed.scopes.join(' '),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    ...(idToken === null ? {} : { id_token: idToken }),
  };
}
