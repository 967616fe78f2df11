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

/** A grant type to its end. */
export type Granting = (input: GrantTypeInput) => Promise<Result<TokenResponse, OAuthError>>;

interface IssueDeps {
  issuing: Issuing;
  traces: AuthorizationServerDeps['traces'];
}

export interface TokenEndpointDeps {
  authentication: ClientAuthentication;
  issuing: Issuing;
  grantTypes: Record<'authorization_code' | 'refresh_token' | 'client_credentials', Granting>;
}

/** A grant type that redeems what a person's sign-in gave, to its end: the tokens that speak of the person. */
export const forPerson =
  (deps: IssueDeps, grantType: GrantType): Granting =>
  async (input) => {
    const granted = await grantType(input);
    return granted.ok ? ok(await issue(deps, input, granted.value)) : granted;
  };

/** Seconds. */
export const lifetimeOf = ({ created, expires }: { created: Date; expires: Date }): number =>
  Math.round((expires.getTime() - created.getTime()) / 1000);

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
    return grantType({ request, issuer, client, parameters, access });
  };
}

async function issue(
  { issuing, traces }: IssueDeps,
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
      { label: 'Scopes', made: redeemed.scopes },
      { label: 'ID token', made: idToken === null ? 'none' : client.idTokenAlg },
      { label: 'Refresh', made: refreshToken !== null },
    ],
  });
  return {
    token_type: 'Bearer',
    expires_in: lifetimeOf(access),
    access_token: accessToken,
    scope: redeemed.scopes.join(' '),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    ...(idToken === null ? {} : { id_token: idToken }),
  };
}
