/** What the screens of event hooks ask of the hub. */
import { query, request } from '../api/client.ts';
import { useChange, useList, useObject, usePages } from '../api/hooks.ts';
import type { EventDelivery, EventHook, EventHookInput, EventTypeChoice } from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/eventHooks';
const KEY = ['event-hooks'];

export function useEventHooks() {
  return usePages<EventHook>([...KEY, 'list'], BASE);
}

export function useEventHook(id: string) {
  return useObject<EventHook>([...KEY, id], `${BASE}/${id}`, { enabled: id !== '' });
}

export function useEventTypes() {
  return useList<EventTypeChoice>([...KEY, 'types'], '/api/gatehouse/v1/event-types');
}

/** @param status empty: whatever became of them */
export function useDeliveries(hookId: string, status: string) {
  return usePages<EventDelivery>(
    [...KEY, hookId, 'deliveries', status],
    `/api/gatehouse/v1/event-hooks/${hookId}/deliveries${query({ status, limit: 50 })}`,
  );
}

export function useReplay(hookId: string) {
  return useChange(
    (eventId: string) => request<null>('POST', `/api/gatehouse/v1/event-hooks/${hookId}/deliveries/${eventId}/replay`),
    {
      done: texts.deliveries.replayed,
      refused: texts.deliveries.notReplayed,
      outdates: [[...KEY, hookId, 'deliveries']],
    },
  );
}

export interface SaveHook {
  /** Absent: the hook is new. */
  id?: string;
  etag?: string | null;
  input: EventHookInput;
}

export function useSaveHook() {
  return useChange(
    async ({ id, etag, input }: SaveHook) =>
      (id === undefined
        ? await request<EventHook>('POST', BASE, { body: input })
        : await request<EventHook>('PUT', `${BASE}/${id}`, { body: input, ...(etag ? { etag } : {}) })
      ).body,
    { done: texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

/** @param showsErrors the screen says itself why the address was refused */
export function useVerifyHook({ showsErrors = false } = {}) {
  return useChange((id: string) => request<EventHook>('POST', `${BASE}/${id}/lifecycle/verify`), {
    done: texts.verified,
    refused: texts.notVerified,
    showsErrors,
    outdates: [KEY],
  });
}

export function useSwitchHook() {
  return useChange(
    ({ id, to }: { id: string; to: 'activate' | 'deactivate' }) =>
      request<EventHook>('POST', `${BASE}/${id}/lifecycle/${to}`),
    { done: texts.switched, outdates: [KEY] },
  );
}

export function useDeleteHook() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), {
    done: texts.deleted,
    outdates: [[...KEY, 'list']],
  });
}
