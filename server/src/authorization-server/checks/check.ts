/** What a check gets and gives: it fills its part of the request, or says what is wrong. */
import type { OAuthError, Parameters } from '../../protocol/oauth/index.ts';
import type { Client } from '../client.ts';
import type { Keys } from '../keys/keys.ts';
import type { AuthorizationServerDeps } from '../ports.ts';
import type { AuthorizationRequest } from '../request.ts';

export interface CheckContext {
  orgId: string;
  issuer: string;
  parameters: Parameters;
  client: Client;
  identityProviders: AuthorizationServerDeps['identityProviders'];
  keys: Keys;
  /** Scopes of the management API that this application may ask this issuer for. */
  apiScopes: ReadonlySet<string>;
}

/** The request while it is being read; what stands in it has been checked. */
export type Reading = Partial<AuthorizationRequest>;

export type Check = (reading: Reading, context: CheckContext) => OAuthError | null | Promise<OAuthError | null>;
