import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { POLICIES, policyOf } from '../people/policies.ts';

/** A relying party that ID.me's staff has set up. */
export interface Client {
  client_id: string;
  client_secret: string;
  /** Shown on the consent page. */
  client_name: string;
  redirect_uris: string[];
  /** Policy handles that its scope may name. */
  policies: string[];
  /** Absent: both methods are accepted, as at ID.me. */
  token_endpoint_auth_method?: 'client_secret_post' | 'client_secret_basic';
  /** Public RSA key that userinfo_jwe encrypts to; absent: a key that nobody has. */
  encryption_jwk?: JWK;
}

export type ClientRequest = Partial<Client> & Pick<Client, 'redirect_uris' | 'policies'>;

export interface Clients {
  list(): Client[];
  find(clientId: string): Client | undefined;
  /** Id and secret are made where they are not given. Throws InvalidClient. */
  register(request: ClientRequest): Client;
  /** Whether any client has this redirect URI. */
  knowsRedirectUri(uri: string): boolean;
}

/** Thrown with a sentence for whoever asked. */
export class InvalidClient extends Error {}

/** Held in memory: those of the environment come back at each start, those of the desk do not. */
export function createClients(initial: readonly ClientRequest[]): Clients {
  const clients = new Map<string, Client>();
  const register = (request: ClientRequest): Client => {
    const redirectUris = checkedRedirectUris(request.redirect_uris);
    const client: Client = {
      client_id: String(request.client_id ?? '') || randomBytes(16).toString('hex'),
      client_secret: String(request.client_secret ?? '') || randomBytes(16).toString('hex'),
      client_name: String(request.client_name ?? '').trim() || new URL(redirectUris[0] as string).host,
      redirect_uris: redirectUris,
      policies: checkedPolicies(request.policies),
      ...(request.token_endpoint_auth_method && { token_endpoint_auth_method: checkedMethod(request) }),
      ...(request.encryption_jwk && { encryption_jwk: checkedKey(request.encryption_jwk) }),
    };
    clients.set(client.client_id, client);
    return client;
  };
  for (const client of initial) register(client);
  return {
    list: () => [...clients.values()],
    find: (clientId) => clients.get(clientId),
    register,
    knowsRedirectUri: (uri) => [...clients.values()].some(({ redirect_uris }) => redirect_uris.includes(uri)),
  };
}

/** ID.me permits no query in a registered redirect URI (contract: providers §2.4); a fragment never works (RFC 6749 §3.1.2). */
function checkedRedirectUris(uris: unknown): string[] {
  if (!Array.isArray(uris) || uris.length === 0) throw new InvalidClient('redirect_uris: at least one is needed.');
  for (const uri of uris) {
    const url = URL.parse(String(uri));
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new InvalidClient(`redirect_uris: ${uri} is not an http or https address.`);
    }
    if (/[?#]/.test(String(uri))) {
      throw new InvalidClient(`redirect_uris: ${uri} has a query or a fragment, which is not permitted.`);
    }
  }
  return uris.map(String);
}

function checkedPolicies(handles: unknown): string[] {
  if (!Array.isArray(handles) || handles.length === 0) throw new InvalidClient('policies: at least one is needed.');
  const unknown = handles.find((handle) => policyOf(String(handle)) === undefined);
  if (unknown !== undefined) {
    const known = POLICIES.map(({ handle }) => handle).join(', ');
    throw new InvalidClient(`policies: ${unknown} is none of ${known}.`);
  }
  return handles.map(String);
}

function checkedKey(jwk: JWK): JWK {
  const { kty, n, e } = jwk;
  if (kty === 'RSA' && typeof n === 'string' && typeof e === 'string') return jwk;
  throw new InvalidClient('encryption_jwk: a public RSA key, with kty, n and e.');
}

function checkedMethod({ token_endpoint_auth_method: method }: ClientRequest) {
  if (method === 'client_secret_post' || method === 'client_secret_basic') return method;
  throw new InvalidClient('token_endpoint_auth_method: client_secret_post or client_secret_basic.');
}
