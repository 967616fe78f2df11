/**
 * How an attack is judged (the scoring rule of the security goals): nothing came of it, the answer is a safe one, exactly one log event
 * tells why, and the hub is alive. The benign twin of each attack is judged by `expectSignedIn`.
 */
import { expect } from 'vitest';
import type { LogEvent, TestHub } from './app.ts';
import type { Answer } from './browser.ts';
import { claimsOf, REDIRECT_URI, redeem } from './federation.ts';

/** Everything that an attacker may want to change. */
const PRIZES = [
  'users',
  'user_roles',
  'user_profile_sources',
  'attribute_values',
  'external_identities',
  'group_members',
  'app_users',
  'sessions',
  'grants',
  'tokens',
  'api_tokens',
  'identity_providers',
  'profile_mappings',
  'policy_rules',
  'applications',
];

/** That something was used is nobody's gain. */
const USES = ['last_used', 'expires_at', 'last_seen', 'idle_expires'];

/** Row by row, as text. */
export async function prizesOf(hub: TestHub): Promise<Record<string, string[]>> {
  const state: Record<string, string[]> = {};
  for (const table of PRIZES) {
    const { rows } = await hub.database.query<{ row: string }>({
      text: `select (to_jsonb(t) - $1::text[])::text as row from ${table} t order by 1`,
      values: [USES],
    });
    state[table] = rows.map(({ row }) => row);
  }
  return state;
}

export interface LoggedEvent extends LogEvent {
  id: string;
}

/** The System Log from `after` on, oldest first. */
export async function logSince(hub: TestHub, after: ReadonlySet<string>): Promise<LoggedEvent[]> {
  const { rows } = await hub.database.query<{ id: string; payload: LogEvent }>({
    text: 'select id::text as id, payload from system_log order by xid, published, id',
    values: [],
  });
  return rows.filter(({ id }) => !after.has(id)).map(({ id, payload }) => ({ ...payload, id }));
}

export async function logMark(hub: TestHub): Promise<Set<string>> {
  return new Set((await logSince(hub, new Set())).map(({ id }) => id));
}

export interface Refusal {
  /** Machine-readable, of the one event. */
  code: string;
  /** The event's type; a federated sign-in's unless said. */
  type?: string;
  /** The error that the application gets; null: nothing leaves the hub, a page says why. */
  error?: string | null;
  /** Of the page. */
  status?: number;
  /** A creation was tried, which leaves a failed event of its own. */
  creates?: boolean;
}

/** Runs an attack and judges it; returns the one event that it left. */
export async function expectRefused(
  hub: TestHub,
  expected: Refusal,
  attack: () => Promise<Answer>,
): Promise<{ answer: Answer; event: LoggedEvent }> {
  const before = await prizesOf(hub);
  const mark = await logMark(hub);
  const answer = await attack();
  expectNothingGained(answer);
  const events = await logSince(hub, mark);
  const failures = events.filter(({ outcome }) => outcome.result === 'FAILURE');
  expect(
    failures.map(({ eventType, debugContext }) => [eventType, debugContext.debugData.code]),
    JSON.stringify(events),
  ).toEqual([
    ...(expected.creates === true ? [['user.lifecycle.create', expected.code]] : []),
    [expected.type ?? 'user.authentication.auth_via_IDP', expected.code],
  ]);
  expect(events.filter(({ outcome }) => outcome.result === 'SUCCESS')).toEqual([]);
  expect(await prizesOf(hub)).toEqual(before);
  if (expected.error !== undefined && expected.error !== null) {
    const location = new URL(answer.location ?? 'missing:');
    expect(location.origin + location.pathname).toBe(REDIRECT_URI);
    expect(location.searchParams.get('error')).toBe(expected.error);
  } else if (expected.error === null) {
    expect(answer.location).toBeNull();
    expect(answer.status).toBe(expected.status ?? 400);
    expect(answer.headers.get('content-type')).toContain('text/html');
  }
  await expectAlive(hub);
  return { answer, event: failures.at(-1)! };
}

/** No session, no code, no token in an answer; and nothing that went wrong inside. */
export function expectNothingGained(answer: Answer): void {
  expect(answer.status).toBeLessThan(500);
  const cookies = answer.headers.getSetCookie();
  expect(cookies.filter((line) => /_sid=[^;]/.test(line))).toEqual([]);
  if (answer.location !== null) {
    const { searchParams, hash } = new URL(answer.location);
    for (const name of ['code', 'id_token', 'access_token']) {
      expect(searchParams.has(name)).toBe(false);
      expect(hash).not.toContain(`${name}=`);
    }
  }
}

export async function expectAlive(hub: TestHub): Promise<void> {
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
}

/** What a page says, without its style. */
const wordsOf = (page: string) =>
  page
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 500);

/** The benign twin: the application gets a code that it can redeem; returns the claims of the ID token. */
export async function expectSignedIn(
  hub: TestHub,
  client: { clientId: string; clientSecret: string },
  verifier: string,
  answer: Answer,
): Promise<Record<string, unknown>> {
  const code = answer.location === null ? null : new URL(answer.location).searchParams.get('code');
  expect(code, `${answer.status} ${answer.location ?? wordsOf(answer.body)}`).not.toBeNull();
  const { status, body } = await redeem(hub, client, code!, verifier);
  expect(status).toBe(200);
  return claimsOf(body.id_token!);
}
