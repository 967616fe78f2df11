/** People with a role, and tokens that act as them. */
import { randomUUID } from 'node:crypto';
import type { TestHub } from './app.ts';

export interface Administrator {
  id: string;
  login: string;
  tokenId: string;
  call(method: string, path: string, body?: unknown): ReturnType<TestHub['call']>;
}

export const PASSWORD = 'a long enough password';

/** `role`: null for a person without one. */
export async function administrator(hub: TestHub, role: string | null): Promise<Administrator> {
  const login = `${randomUUID()}@example.com`;
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Ada', lastName: role ?? 'Person' },
    credentials: { password: { value: PASSWORD } },
  });
  if (role !== null) await hub.api('POST', `/api/v1/users/${id}/roles`, { type: role });
  const token = await hub.api<{ id: string; value: string }>('POST', '/api/v1/api-tokens', { name: login });
  await hub.database.query({ text: 'update api_tokens set user_id = $1 where id = $2', values: [id, token.id] });
  const headers = { authorization: `SSWS ${token.value}` };
  return { id, login, tokenId: token.id, call: (method, path, body) => hub.call(method, path, body, headers) };
}

/** Status and code of an answer of the management API. */
export const refusal = ({ status, body }: { status: number; body: unknown }) => [
  status,
  (body as { errorCode?: string }).errorCode,
];
