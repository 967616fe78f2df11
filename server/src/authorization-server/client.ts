/** What the authorization server needs to know of an application; the applications module supplies it, compiled. */
import type { Expression } from '../expressions/index.ts';
import type { Json } from '../shared/json.ts';

export interface Client {
  id: string;
  clientId: string;
  label: string;
  status: string;
  applicationType: string;
  /** `client_secret_basic`, `client_secret_post`, `private_key_jwt` or `none`. */
  authMethod: string;
  secretSha256: Buffer | null;
  /** Public keys of a client that proves itself by private_key_jwt: a JWK set. */
  jwks: Json | null;
  redirectUris: readonly string[];
  postLogoutRedirectUris: readonly string[];
  grantTypes: readonly string[];
  responseTypes: readonly string[];
  requirePkce: boolean;
  idTokenAlg: 'RS256' | 'ES256';
  assignedToEveryone: boolean;
  claims: readonly ClientClaim[];
  /** The user's profile at the application: what is stored of the user there, with what is mapped from the user's profile. */
  profileOf(
    user: { id: string; profile: Record<string, Json>; typeId?: string },
    stored: Record<string, Json> | null,
  ): Record<string, Json>;
}

/** A claim of the application's own (rulings 46). */
export interface ClientClaim {
  name: string;
  program: Pick<Expression, 'evaluate' | 'references' | 'needs'>;
  location: 'ID_TOKEN' | 'USERINFO';
}

export interface Clients {
  byClientId(orgId: string, clientId: string): Promise<Client | null>;
  byId(orgId: string, id: string): Promise<Client | null>;
  /** Origins of the redirect URIs of active applications: they may make credentialed calls (rulings 29). */
  origins(orgId: string): Promise<Pick<ReadonlySet<string>, 'has'>>;
}
