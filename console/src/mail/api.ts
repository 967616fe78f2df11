/** What the outbox asks of the hub. */
import { query, request } from '../api/client.ts';
import { useChange, usePages } from '../api/hooks.ts';
import type { MailMessage } from '../contract.ts';

const BASE = '/api/gatehouse/v1/mail';

export function useMessages() {
  return usePages<MailMessage>(['mail'], `${BASE}${query({ limit: 50 })}`);
}

/** Reading is recorded in the System Log, so it happens when it is asked for, and not again by itself. */
export function useReadMessage() {
  return useChange(
    async (id: string) =>
      (await request<MailMessage & { body: string | null }>('GET', `${BASE}/${encodeURIComponent(id)}`)).body,
    { outdates: [] },
  );
}
