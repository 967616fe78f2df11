/** Imports through the management API, as a client makes them. */
import { vi } from 'vitest';
import type { TestHub } from './app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const ALL = '/api/gatehouse/v1/imports';

export function importsOf(hub: TestHub) {
  const create = (options: object = {}) => hub.api<Any>('POST', ALL, { options });
  const get = (id: string) => hub.api<Any>('GET', `${ALL}/${id}`);

  async function send(id: string, file: string | Uint8Array, headers: Record<string, string> = {}): Promise<Any> {
    const answer = await fetch(`${hub.url}${ALL}/${id}/file?fileName=people.csv`, {
      method: 'PUT',
      headers: { authorization: `SSWS ${hub.token}`, 'content-type': 'text/csv', ...headers },
      body: file as BodyInit,
    });
    return { status: answer.status, body: await answer.json() };
  }
  async function upload(file: string | Uint8Array, options: object = {}): Promise<Any> {
    const { id } = await create(options);
    const answer = await send(id, file);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const reached = (id: string, status: string) =>
    vi.waitFor(
      async () => {
        const { rows } = await hub.database.query<{ status: string }>({
          text: 'select status from imports where id = $1',
          values: [id],
        });
        if (rows[0]?.status !== status) throw new Error(`The import ${id} is ${rows[0]?.status}, not ${status}.`);
        return get(id);
      },
      { timeout: 60_000, interval: 20 },
    );
  async function check(id: string): Promise<Any> {
    await hub.api('POST', `${ALL}/${id}/dry-run`);
    return reached(id, 'CHECKED');
  }
  async function run(id: string): Promise<Any> {
    await hub.api('POST', `${ALL}/${id}/run`);
    return reached(id, 'COMPLETED');
  }
  const rows = (id: string, query = '') => hub.api<Any[]>('GET', `${ALL}/${id}/rows?limit=200${query}`);

  return {
    create,
    get,
    send,
    upload,
    check,
    run,
    reached,
    rows,
    /** What would happen to the rows of a file. */
    async preview(file: string, options: object = {}) {
      const { id } = await upload(file, options);
      const { totals } = await check(id);
      return { id, totals, rows: await rows(id) };
    },
    /** All of it: sent, checked, imported. */
    async imported(file: string, options: object = {}) {
      const { id } = await upload(file, options);
      await check(id);
      const { totals } = await run(id);
      return { id, totals, rows: await rows(id) };
    },
    async report(id: string): Promise<string> {
      return (await hub.call('GET', `${ALL}/${id}/errors.csv`)).body as string;
    },
  };
}
