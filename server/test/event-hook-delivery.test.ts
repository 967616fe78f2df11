/**
 * Delivery of events, through whole hubs and a receiver that fails, hangs, disappears and comes back: nothing is lost, what concerns one
 * subject keeps its order, and one subject that cannot be delivered holds nobody else up.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTransaction } from '../src/database/index.ts';
import { uuidv7 } from '../src/shared/ids.ts';
import { startHub, type TestHub } from './support/app.ts';
import { type HookReceiver, honest, type ReceivedCall, startHookReceiver } from './support/hook-receiver.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const SUSPEND = 'user.lifecycle.suspend';
const UNSUSPEND = 'user.lifecycle.unsuspend';
const ADDED = 'group.user_membership.add';

let hub: TestHub;
let receiver: HookReceiver;
let count = 0;

beforeEach(async () => {
  receiver = await startHookReceiver();
  hub = await startHub();
});
afterEach(async () => {
  await hub.close();
  await receiver.close();
});

async function verifiedHook(more: object = {}): Promise<string> {
  const { id }: Any = await hub.api('POST', '/api/v1/eventHooks', {
    name: 'Receiver',
    events: { type: 'EVENT_TYPE', items: [SUSPEND, UNSUSPEND, ADDED], ...more },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri: receiver.url,
        headers: [{ key: 'X-Other', value: 'v' }],
        authScheme: { type: 'HEADER', key: 'Authorization', value: 'Bearer secret-of-the-hook' },
      },
    },
  });
  await hub.api('POST', `/api/v1/eventHooks/${id}/lifecycle/verify`);
  return id;
}
async function person(): Promise<string> {
  const login = `person${++count}@example.com`;
  const profile = { login, email: login, firstName: 'P', lastName: 'Q' };
  return (
    await hub.api<Any>('POST', '/api/v1/users?activate=true', {
      profile,
      credentials: { password: { value: 'a long enough password' } },
    })
  ).id;
}
const suspend = (userId: string) => hub.api('POST', `/api/v1/users/${userId}/lifecycle/suspend`);
const unsuspend = (userId: string) => hub.api('POST', `/api/v1/users/${userId}/lifecycle/unsuspend`);
const eventOf = (call: ReceivedCall): Any => JSON.parse(call.body).data.events[0];
const told = (call: ReceivedCall) => `${eventOf(call).target[0].id} ${eventOf(call).eventType}`;
const about = (calls: ReceivedCall[], userId: string) =>
  calls.filter((call) => told(call).startsWith(userId)).map((call) => eventOf(call).eventType);
const deliveries = (id: string, query = '') =>
  hub.api<Any[]>('GET', `/api/gatehouse/v1/event-hooks/${id}/deliveries${query}`);
/** Waits for what a hub writes down after a call. */
const eventually = <T>(look: () => Promise<T>, fits: (value: T) => boolean): Promise<T> =>
  vi.waitFor(
    async () => {
      const value = await look();
      expect(value).toSatisfy(fits);
      return value;
    },
    { timeout: 25_000, interval: 100 },
  );
const settled = (id: string, status: string, how: number) =>
  eventually(
    () => deliveries(id, `?status=${status}`),
    (rows) => rows.length === how,
  );

describe('a verified hook', () => {
  it('is sent each event as the contract writes it, with its headers', async () => {
    const id = await verifiedHook();
    const userId = await person();
    await suspend(userId);
    const [call] = await receiver.until(1);
    expect(call!.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Bearer secret-of-the-hook',
      'x-other': 'v',
    });
    const body: Any = JSON.parse(call!.body);
    expect(body).toEqual({
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      source: `${hub.url}/api/v1/eventHooks/${id}`,
      eventId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      data: { events: [expect.objectContaining({ eventType: SUSPEND, insertionTimestamp: null })] },
      eventTime: expect.stringMatching(/\.\d{3}Z$/),
      contentType: 'application/json',
    });
    const [logged]: Any = await hub.api(
      'GET',
      `/api/v1/logs?filter=${encodeURIComponent(`eventType eq "${SUSPEND}"`)}`,
    );
    const { insertionTimestamp: _none, client, debugContext, ...sent } = eventOf(call!);
    expect(sent).toEqual({
      ...sent,
      uuid: logged.uuid,
      actor: logged.actor,
      target: logged.target,
      request: logged.request,
    });
    expect(client).toEqual({ ...logged.client, ipChain: logged.request.ipChain });
    expect(debugContext.debugData.targetEventHookIds).toBe(id);
    expect(await settled(id, 'DELIVERED', 1)).toMatchObject([
      { eventType: SUSPEND, subject: userId, attempts: 1, lastStatus: 200, problem: null, nextAttempt: null },
    ]);
  });

  it('gets nothing from before its verification, nothing while it is off, and nothing that its filter leaves out', async () => {
    const expression = "event.target.?[displayName eq 'Sales'].size() > 0";
    const filter = { type: 'EXPRESSION_LANGUAGE', eventFilterMap: [{ event: ADDED, condition: { expression } }] };
    const userId = await person();
    await suspend(userId);
    await unsuspend(userId);
    const id = await verifiedHook({ filter });
    const group = async (name: string) => (await hub.api<Any>('POST', '/api/v1/groups', { profile: { name } })).id;
    const [sales, other] = [await group('Sales'), await group('Other')];
    await hub.api('PUT', `/api/v1/groups/${other}/users/${userId}`);
    await hub.api('PUT', `/api/v1/groups/${sales}/users/${userId}`);
    expect((await receiver.until(1)).map((call) => eventOf(call).target[1].id)).toEqual([sales]);
    await settled(id, 'DELIVERED', 1);

    await hub.api('POST', `/api/v1/eventHooks/${id}/lifecycle/deactivate`);
    await suspend(userId);
    await hub.api('POST', `/api/v1/eventHooks/${id}/lifecycle/activate`);
    await unsuspend(userId);
    expect((await receiver.until(2)).map((call) => eventOf(call).eventType)).toEqual([ADDED, UNSUSPEND]);
    await hub.api('POST', `/api/v1/eventHooks/${id}/lifecycle/deactivate`);
    await hub.api('DELETE', `/api/v1/eventHooks/${id}`);
    expect((await hub.call('GET', `/api/gatehouse/v1/event-hooks/${id}/deliveries`)).status).toBe(404);
  });
});

describe('an address that fails', () => {
  it('gets the event again, later and later, in order, and the first failure is in the System Log', async () => {
    const id = await verifiedHook();
    const userId = await person();
    receiver.answer = (_call, response) => response.writeHead(503).end();
    await suspend(userId);
    await unsuspend(userId);
    await receiver.until(1);
    const [, first] = await eventually(
      () => deliveries(id),
      (rows) => rows.length === 2 && rows[1].attempts === 1,
    );
    expect(first).toMatchObject({
      eventType: SUSPEND,
      status: 'WAITING',
      lastStatus: 503,
      problem: expect.stringContaining('503'),
    });
    expect(new Date(first.nextAttempt).getTime()).toBeGreaterThan(hub.clock.now().getTime());
    hub.clock.advance(7_000);
    await receiver.until(2);
    await eventually(
      () => deliveries(id),
      (rows) => rows[1].attempts === 2,
    );
    receiver.answer = honest;
    hub.clock.advance(60_000);
    const calls = await receiver.until(4);
    expect(calls.map((call) => eventOf(call).eventType)).toEqual([SUSPEND, SUSPEND, SUSPEND, UNSUSPEND]);
    expect(new Set(calls.slice(0, 3).map((call) => JSON.parse(call.body).eventId)).size).toBe(1);
    await settled(id, 'DELIVERED', 2);
    expect(await hub.events('event_hook.delivery')).toMatchObject([
      {
        outcome: { result: 'FAILURE' },
        target: [{ id, type: 'EventHook' }],
        debugContext: { debugData: { attempts: 1 } },
      },
    ]);
  });

  it('holds up nobody but the subject that fails, even where it hangs', async () => {
    const id = await verifiedHook();
    const [stuck, ...others] = await Promise.all(Array.from({ length: 6 }, person));
    receiver.answer = (call, response) => {
      if (!told(call).startsWith(stuck!)) honest(call, response);
    };
    await suspend(stuck!);
    await unsuspend(stuck!);
    for (const userId of others) await suspend(userId);
    for (const userId of others) await unsuspend(userId);
    await settled(id, 'DELIVERED', 2 * others.length);
    const calls = await receiver.until(2 * others.length + 1);
    for (const userId of others) expect(about(calls, userId)).toEqual([SUSPEND, UNSUSPEND]);
    expect(about(calls, stuck!)).toEqual([SUSPEND]);
  });

  it('that says 410 is not asked again; the next event goes on, and the failed one can be replayed', async () => {
    const id = await verifiedHook();
    const userId = await person();
    receiver.answer = (call, response) =>
      eventOf(call).eventType === SUSPEND ? response.writeHead(410).end() : honest(call, response);
    await suspend(userId);
    await unsuspend(userId);
    await settled(id, 'DELIVERED', 1);
    const [failed] = await deliveries(id, '?status=FAILED');
    expect(failed).toMatchObject({ eventType: SUSPEND, attempts: 1, lastStatus: 410 });
    receiver.answer = honest;
    const replay = `/api/gatehouse/v1/event-hooks/${id}/deliveries/${failed.eventId}/replay`;
    expect((await hub.call('POST', replay)).status).toBe(204);
    await settled(id, 'DELIVERED', 2);
    expect((await receiver.until(3)).map((call) => eventOf(call).eventType)).toEqual([SUSPEND, UNSUSPEND, SUSPEND]);
    expect((await hub.call('POST', replay.replace(failed.eventId, uuidv7(hub.clock.now())))).status).toBe(404);
  });

  it('and disappears gets everything when it is back, and gives up only after three days', async () => {
    const id = await verifiedHook();
    const [patient, lost] = [await person(), await person()];
    const { port } = receiver;
    await receiver.close();
    await suspend(lost);
    for (let attempts = 1; ; attempts++) {
      const rows = await eventually(
        () => deliveries(id),
        (found) => found[0]?.attempts === attempts,
      );
      if (rows[0].status === 'FAILED') break;
      hub.clock.advance(15 * 3_600_000);
    }
    expect(
      (await hub.events('event_hook.delivery')).map(
        (event) => (event.debugContext.debugData as Any).nextAttempt === null,
      ),
    ).toEqual([false, true]);
    await suspend(patient);
    await eventually(
      () => deliveries(id, '?status=WAITING'),
      (rows) => rows[0]?.attempts === 1,
    );
    receiver = await startHookReceiver(port);
    hub.clock.advance(7_000);
    expect(about(await receiver.until(1), patient)).toEqual([SUSPEND]);
  });
});

describe('nothing is lost or reordered', () => {
  it('where two hubs share a database: each event once, in order about each person', async () => {
    const second = await startHub({ beside: hub });
    try {
      const id = await verifiedHook();
      const people = await Promise.all(Array.from({ length: 8 }, person));
      await Promise.all(
        people.map(async (userId) => {
          for (let round = 0; round < 3; round++) {
            await suspend(userId);
            await unsuspend(userId);
          }
        }),
      );
      await settled(id, 'DELIVERED', 48);
      const calls = await receiver.until(48);
      expect(calls).toHaveLength(48);
      expect(new Set(calls.map((call) => eventOf(call).uuid)).size).toBe(48);
      for (const userId of people)
        expect(about(calls, userId)).toEqual([SUSPEND, UNSUSPEND, SUSPEND, UNSUSPEND, SUSPEND, UNSUSPEND]);
    } finally {
      await second.close();
    }
  });

  it('where a hub died between the call and the note: the event is sent again when its lease has ended', async () => {
    const id = await verifiedHook();
    const userId = await person();
    await suspend(userId);
    await settled(id, 'DELIVERED', 1);
    // As the dead hub left it: taken, called, and nothing written down.
    await hub.database.query({
      text: `update event_hook_deliveries set status = 'WAITING', head = true, attempts = 0, next_at = $1, leased_until = $2`,
      values: [hub.clock.now(), new Date(hub.clock.now().getTime() + 20_000)],
    });
    await unsuspend(userId);
    await eventually(
      () => deliveries(id),
      (rows) => rows.length === 2,
    );
    expect(receiver.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
    hub.clock.advance(21_000);
    expect(about(await receiver.until(3), userId)).toEqual([SUSPEND, SUSPEND, UNSUSPEND]);
    await settled(id, 'DELIVERED', 2);
  });

  it('where an event is committed after younger ones: it is sent too', async () => {
    const id = await verifiedHook();
    const [early, late] = [await person(), await person()];
    const { rows } = await hub.database.query<{ id: string }>({ text: 'select id from orgs', values: [] });
    const written = { org: rows[0]!.id, at: hub.clock.now() };
    let commit!: () => void;
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const slow = inTransaction(hub.database, async (tx) => {
      await tx.query({
        text: `insert into system_log (org_id, id, published, event_type, severity, outcome_result, subject_id, target_ids, payload)
          values ($1, $2::uuid, $3, $4, 'INFO', 'SUCCESS', $5, '{}', jsonb_build_object('eventType', $4::text, 'uuid', $2::uuid,
            'target', jsonb_build_array(jsonb_build_object('id', $5::text))))`,
        values: [written.org, uuidv7(written.at), written.at, UNSUSPEND, early],
      });
      await held;
    });
    await suspend(late);
    commit();
    await slow;
    const calls = await receiver.until(2);
    expect(calls.map(told).sort()).toEqual([`${early} ${UNSUSPEND}`, `${late} ${SUSPEND}`].sort());
    await settled(id, 'DELIVERED', 2);
  });
});
