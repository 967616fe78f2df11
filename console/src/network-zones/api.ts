/** What the screens of network zones ask of the hub. */
import { query, request } from '../api/client.ts';
import { useChange, useList, useObject, usePages } from '../api/hooks.ts';
import type { NetworkZone, NetworkZoneInput } from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/zones';
const KEY = ['network-zones'];

export function useZones() {
  return usePages<NetworkZone>([...KEY, 'list'], `${BASE}?limit=50`);
}

export function useZone(id: string) {
  return useObject<NetworkZone>([...KEY, id], `${BASE}/${id}`, { enabled: id !== '' });
}

/** The zones that a condition can name. */
export function useZoneChoices() {
  const filter = 'usage eq "POLICY" and status eq "ACTIVE"';
  return useList<NetworkZone>([...KEY, 'choices'], `${BASE}${query({ filter, limit: 200 })}`);
}

export interface SaveZone {
  /** Absent: the zone is new. */
  id?: string;
  etag?: string | null;
  input: NetworkZoneInput;
}

export function useSaveZone() {
  return useChange(
    ({ id, etag, input }: SaveZone) =>
      id === undefined
        ? request<NetworkZone>('POST', BASE, { body: input })
        : request<NetworkZone>('PUT', `${BASE}/${id}`, { body: input, ...(etag ? { etag } : {}) }),
    { done: texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

export function useSwitchZone() {
  return useChange(
    ({ id, to }: { id: string; to: 'activate' | 'deactivate' }) =>
      request<NetworkZone>('POST', `${BASE}/${id}/lifecycle/${to}`),
    { done: texts.switched, outdates: [KEY] },
  );
}

export function useDeleteZone() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), { done: texts.deleted, outdates: [KEY] });
}
