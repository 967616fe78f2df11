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

export function useCreateToken() {
  return useChange(async (name: string) => (await request<CreatedApiToken>('POST', BASE, { body: { name } })).body, {
    showsErrors: true,
    outdates: [KEY],
  });
}

export function useRevokeToken() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), { done: texts.revoked, outdates: [KEY] });
}
