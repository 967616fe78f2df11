import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Clients } from '../clients/clients.ts';

/** The OpenID provider's memory: one per sandbox, gone with the process. */
export interface Storage {
  adapter(model: string): Adapter;
  /** What is stored under a code, a refresh token or an access token. */
  peek(model: 'AuthorizationCode' | 'RefreshToken' | 'AccessToken', id: string): AdapterPayload | undefined;
}

const REVOKED_WITH_GRANT = ['AccessToken', 'AuthorizationCode', 'RefreshToken'];
const SWEEP_ABOVE = 20_000;

export function createStorage(clients: Clients): Storage {
  const entries = new Map<string, AdapterPayload>();
  const key = (model: string, id: string) => `${model}:${id}`;
  const sweep = () => {
    const now = Date.now() / 1000;
    for (const [name, { exp }] of entries) if (exp !== undefined && exp < now) entries.delete(name);
  };
  const adapter = (model: string): Adapter => ({
    async upsert(id, payload) {
      if (entries.size > SWEEP_ABOVE) sweep();
      entries.set(key(model, id), payload);
    },
    async find(id) {
      return model === 'Client' ? clientMetadata(clients, id) : entries.get(key(model, id));
    },
    async findByUserCode() {},
    async findByUid(uid) {
      return [...entries.values()].find((payload) => payload.kind === model && payload.uid === uid);
    },
    async consume(id) {
      const payload = entries.get(key(model, id));
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(key(model, id));
    },
    async revokeByGrantId(grantId) {
      for (const [name, payload] of entries) {
        if (payload.grantId === grantId && REVOKED_WITH_GRANT.includes(payload.kind ?? '')) entries.delete(name);
      }
    },
  });
  return { adapter, peek: (model, id) => entries.get(key(model, id)) };
}

function clientMetadata(clients: Clients, clientId: string): AdapterPayload | undefined {
  const client = clients.find(clientId);
  return (
    client && {
      client_id: client.client_id,
      client_secret: client.client_secret,
      client_name: client.client_name,
      redirect_uris: client.redirect_uris,
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: client.token_endpoint_auth_method ?? 'client_secret_post',
      id_token_signed_response_alg: 'RS256',
    }
  );
}
