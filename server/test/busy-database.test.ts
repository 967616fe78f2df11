/** A database that has no time for a request: programs are told when to come back, people see a page and can try again. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../src/shared/log.ts';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { expectRefused } from './support/attacks.ts';
import { createBrowser } from './support/browser.ts';
import { atProvider, authorizeUrl, CLAIMS, type Federation, federate } from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

const warned: Record<string, unknown>[] = [];
const failed: string[] = [];
let hub: TestHub;
let provider: StubProvider;
let federation: Federation;
let other: pg.Client;

beforeAll(async () => {
  const log = {
    ...silentLogger,
    warn: (key: string, facts: object = {}) => void warned.push({ key, ...facts }),
    error: (key: string) => void failed.push(key),
  };
  hub = await startHub({ log });
  provider = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, provider);
  other = new pg.Client(hub.databaseUrl);
  await other.connect();
});
afterAll(async () => {
  await other?.end();
  await provider?.close();
  await hub?.close();
});
beforeEach(() => {
  warned.length = 0;
  failed.length = 0;
  provider.reset();
  provider.claims = { ...CLAIMS };
});

/** Answers `asked` while somebody else has everybody's row, and the database gives up waiting for them. */
async function withoutTime<T>(asked: () => Promise<T>): Promise<T> {
  await other.query('begin');
  await other.query('select 1 from users for update');
  try {
    const answer = asked();
    await vi.waitFor(async () => {
      const { rows } = await other.query(
        `select pg_cancel_backend(pid) as cancelled from pg_stat_activity where datname = current_database() and wait_event in ('transactionid', 'tuple')`,
      );
      expect(rows).toEqual([{ cancelled: true }]);
    }, 20_000);
    return await answer;
  } finally {
    await other.query('rollback');
  }
}

it('the management API says that nothing was changed and when to come back', async () => {
  const path = `/api/v1/users/${ADMIN.email}`;
  const change = () => hub.call('POST', path, { profile: { nickName: 'Busy' } });
  const { status, headers, body } = await withoutTime(change);
  expect([status, headers.get('retry-after'), body]).toEqual([
    503,
    '5',
    {
      errorCode: 'E0000010',
      errorSummary: 'The service is busy with other changes.',
      errorLink: 'E0000010',
      errorId: expect.stringMatching(/^oae/),
      errorCauses: [{ errorSummary: 'Nothing was changed. Repeat the request in a few seconds.' }],
    },
  ]);
  expect(warned).toMatchObject([{ key: 'request_busy', code: '57014', method: 'POST', path: '/api/v1/users/:userId' }]);
  expect(failed).toEqual([]);
  expect((await change()).status).toBe(200);
});

describe('a sign-in at a provider', () => {
  const begin = async () => {
    const browser = createBrowser();
    const away = await browser.get(authorizeUrl(hub, federation.clientId, {}).url);
    return { browser, back: () => atProvider(hub, provider, browser, away) };
  };

  it('ends at a page from which the person tries again', async () => {
    const first = await begin();
    expect((await first.back()).location).toContain('code=');
    const { browser, back } = await begin();
    const { answer } = await expectRefused(hub, { code: 'hub_busy', error: null }, () => withoutTime(back));
    expect(answer.body).toContain('Try again');
    expect(warned.map(({ key }) => key)).toEqual(['request_busy']);
    const [, retry] = /action="(\/signin\/[\w-]{22}\/retry)"/.exec(answer.body) ?? [];
    const again = await browser.post(`${hub.url}${retry}`, {});
    expect((await atProvider(hub, provider, browser, again)).location).toContain('code=');
  });
});

it('a sign-in with a password ends at a page from which the person tries again', async () => {
  const browser = createBrowser();
  const shown = await browser.follow(await browser.get(`${hub.url}/login/default`));
  const [, tx] = /\/signin\/([\w-]{22})\/password/.exec(shown.body) ?? [];
  const send = () => browser.post(`${hub.url}/signin/${tx}/password`, { login: ADMIN.email, password: ADMIN.password });
  const answer = await withoutTime(send);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
  expect(answer.body).toContain(`action="/signin/${tx}/retry"`);
  expect((await send()).location).toBe(`${hub.url}/`);
});
