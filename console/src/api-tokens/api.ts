/** What the screen of API tokens asks of the hub. */
import { request } from '../api/client.ts';
import { useChange, usePages } from '../api/hooks.ts';
import type { ApiToken, CreatedApiToken } from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/api-tokens';
const KEY = ['api-tokens'];

export function useApiTokens() {
  return usePages<ApiToken>(KEY, BASE);
}

export interface TokenInput {
  name: string;
  network: ApiToken['network'];
}

export function useCreateToken() {
  return useChange(async (input: TokenInput) => (await request<CreatedApiToken>('POST', BASE, { body: input })).body, {
    showsErrors: true,
    outdates: [KEY],
  });
}

export function useSaveToken(id: string) {
  return useChange((input: TokenInput) => request<ApiToken>('PUT', `${BASE}/${id}`, { body: input }), {
    done: texts.saved,
    showsErrors: true,
    outdates: [KEY],
  });
}

export function useRevokeToken() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), { done: texts.revoked, outdates: [KEY] });
}
