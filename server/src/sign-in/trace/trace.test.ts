import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { Statement } from '../../database/index.ts';
import type { Logger } from '../../shared/log.ts';
import { createSecretBox } from '../../shared/secret-box.ts';
import { createTraces, purgeTraces } from './index.ts';
import { readableLines, writtenStep } from './sealing.ts';
import { findTrace, listTraces } from './store.ts';
import { titleOf } from './trace.ts';

const ORG = '00oTest';
const AT = new Date('2026-11-20T10:00:00Z');

describe('a step as it is written', () => {
  const place = { orgId: ORG, traceId: 'trace-1', key: randomBytes(32) };
  const step = {
    kind: 'attributes.mapped',
    outcome: 'CHANGED',
    detail: [
      { label: 'email', received: 'gary@example.com', made: 'gary@example.com', personal: true },
      { label: 'email_verified', received: true, personal: true },
      { label: 'rule', made: 'ID.me' },
    ],
  } as const;
  const copy = () => structuredClone(step) as unknown as Parameters<typeof writtenStep>[0];
  const written = writtenStep(copy(), AT, place);

  test('holds a person’s values sealed only', () => {
    expect(JSON.stringify(written)).not.toContain('gary');
    expect(written.detail).toEqual([
      { label: 'email', personal: true },
      { label: 'email_verified', received: true },
      { label: 'rule', made: 'ID.me' },
    ]);
  });

  test('is read with those values as a mask of their kind and length', () => {
    expect(readableLines(written, [place])).toEqual([
      { label: 'email', personal: true, received: 'g… (16 characters)', made: 'g… (16 characters)' },
      { label: 'email_verified', received: true },
      { label: 'rule', made: 'ID.me' },
    ]);
  });

  test('is readable under an older key, and without values under none that fits', () => {
    expect(readableLines(written, [{ ...place, key: randomBytes(32) }, place])[0]).toHaveProperty('made');
    expect(readableLines(written, [{ ...place, key: randomBytes(32) }])[0]).toEqual({ label: 'email', personal: true });
  });

  test('gives nothing when it is moved to another sign-in or org, or altered', () => {
    for (const elsewhere of [
      { ...place, traceId: 'trace-2' },
      { ...place, orgId: '00oOther' },
    ])
      expect(readableLines(written, [elsewhere])[0]).not.toHaveProperty('made');
    const altered = Buffer.from(written.sealed!, 'base64');
    altered[20]! ^= 1;
    expect(readableLines({ ...written, sealed: altered.toString('base64') }, [place])[0]).not.toHaveProperty('made');
  });

  test('no mask tells a personal text of more than one letter', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,40}$/), (value) => {
        const lines = readableLines(
          writtenStep(
            {
              kind: 'identity.checked',
              outcome: 'INFO',
              detail: [{ label: 'claim', received: [value], made: value, personal: true }],
            },
            AT,
            place,
          ),
          [place],
        );
        expect(JSON.stringify(lines)).not.toContain(value);
      }),
    );
  });

  test.each([
    ['an empty text', '', '(empty)'],
    ['a number', 42, '(a number)'],
    ['a list', ['a', 'b'], '(a list of 2)'],
    ['an object', { street: 'x' }, '(an object with street)'],
    ['null', null, null],
    ['a boolean', false, false],
  ])('the mask of %s', (_name, made, mask) => {
    const lines = readableLines(
      writtenStep(
        { kind: 'attributes.mapped', outcome: 'INFO', detail: [{ label: 'x', made, personal: true }] },
        AT,
        place,
      ),
      [place],
    );
    expect(lines[0]?.made).toEqual(mask);
  });

  test.each([
    ['a signed token', `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.sig`],
    ['an own token', 'hub_at_abcdefghijklmnopqrstuvwxyz'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nabc'],
    ['a long random value', 'A1b2'.repeat(20)],
  ])('K3: %s is not kept, wherever it stands', (_name, secret) => {
    const { detail } = writtenStep(
      {
        kind: 'provider.returned',
        outcome: 'INFO',
        detail: [{ label: 'x', received: `before ${secret}`, made: [secret] }],
      },
      AT,
      place,
    );
    expect(JSON.stringify(detail)).not.toContain(secret);
    expect(JSON.stringify(detail)).toContain('[redacted]');
  });
});

describe('the title of a step', () => {
  test.each([
    ['rule.chosen', [{ label: 'Rule', made: 'Staff' }], 'Routing rule chosen: Staff'],
    ['rule.chosen', [{ label: 'Why', made: 'the request names the provider' }], 'Routing rule chosen'],
    ['provider.called', [{ label: 'Endpoint', made: 'token' }], 'Identity provider called: token endpoint'],
    ['sign_in.began', [{ label: 'To', made: 'the portal' }], 'Sign-in began'],
    ['toString', undefined, 'toString'],
  ])('%s %j: "%s"', (kind, detail, title) => expect(titleOf({ kind, detail })).toBe(title));
});

describe('traces', () => {
  let test_: TestDatabase;
  let now = AT;
  let statements: Statement[];
  let failing = false;
  let warnings: string[];
  const secretBox = createSecretBox(randomBytes(32));

  const log: Logger = { info: () => {}, warn: (event) => warnings.push(event), error: () => {} };
  const made = () => {
    const database = {
      ...test_.database,
      query: <R>(statement: Statement) => {
        statements.push(statement);
        return failing ? Promise.reject(new Error('down')) : test_.database.query<R>(statement);
      },
    };
    return createTraces({ database, clock: { now: () => now }, log, secretBox });
  };
  const read = (id: string) => findTrace(test_.database, ORG, id);

  beforeAll(async () => {
    test_ = await createTestDatabase();
  });
  beforeEach(async () => {
    await test_.database.query({ text: 'delete from sign_in_traces', values: [] });
    statements = [];
    warnings = [];
    failing = false;
    now = AT;
  });
  afterAll(() => test_.drop());

  test('cost the sign-in no round trip: everything waits for one statement', async () => {
    const traces = made();
    const open = Array.from({ length: 20 }, () => traces.start(ORG, { outcome: 'OPEN' }));
    for (const trace of open)
      for (let index = 0; index < 5; index++) trace.step({ kind: 'request.received', outcome: 'INFO' });
    expect(statements).toEqual([]);
    await traces.flush();
    expect(statements).toHaveLength(1);
    expect((await read(open[7]!.id))?.steps).toHaveLength(5);
  });

  test('of one sign-in grow over several requests, in order, and later facts replace earlier ones', async () => {
    const traces = made();
    const { id } = traces.start(ORG, { outcome: 'OPEN', login: 'typed' });
    traces.resume(ORG, id).step({ kind: 'provider.sent', outcome: 'PASSED' });
    await traces.flush();
    now = new Date(AT.getTime() + 60_000);
    const later = traces.resume(ORG, id);
    later.step({ kind: 'provider.returned', outcome: 'INFO' });
    later.fact({ outcome: 'SUCCESS', userId: '00uGary', login: 'gary@example.com' });
    await traces.flush();
    expect(await read(id)).toMatchObject({
      outcome: 'SUCCESS',
      userId: '00uGary',
      login: 'gary@example.com',
      startedAt: AT,
      lastAt: now,
    });
    expect((await read(id))?.steps.map((step) => step.kind)).toEqual(['provider.sent', 'provider.returned']);
  });

  test('that ended do not open again', async () => {
    const traces = made();
    const { id } = traces.start(ORG, { outcome: 'FAILURE', reason: 'no' });
    await traces.flush();
    traces.resume(ORG, id).step({ kind: 'request.received', outcome: 'INFO' });
    await traces.flush();
    expect(await read(id)).toMatchObject({ outcome: 'FAILURE', reason: 'no' });
  });

  test.each([
    ['written before', true],
    ['still unwritten', false],
  ])('that succeed at last keep no reason of a failure %s', async (_name, written) => {
    const traces = made();
    const { id } = traces.start(ORG, { outcome: 'FAILURE', reason: 'The password is wrong.' });
    if (written) await traces.flush();
    traces.resume(ORG, id).fact({ outcome: 'SUCCESS' });
    await traces.flush();
    expect(await read(id)).toMatchObject({ outcome: 'SUCCESS', reason: null });
    traces.resume(ORG, id).fact({ outcome: 'FAILURE', reason: 'no' });
    await traces.flush();
    expect(await read(id)).toMatchObject({ outcome: 'FAILURE', reason: 'no' });
  });

  test('of one org are not another’s', async () => {
    const traces = made();
    const { id } = traces.start(ORG);
    await traces.flush();
    expect(await findTrace(test_.database, '00oOther', id)).toBeNull();
  });

  test('are listed newest first, page by page and by outcome', async () => {
    const traces = made();
    const ids = Array.from({ length: 5 }, (_, index) => {
      now = new Date(AT.getTime() + index);
      return traces.start(ORG, { outcome: index % 2 === 0 ? 'SUCCESS' : 'FAILURE' }).id;
    }).reverse();
    await traces.flush();
    const page = async (after: string | null, outcome: string | null = null) =>
      (await listTraces(test_.database, ORG, { outcome, userId: null, after, limit: 2 })).map((trace) => trace.id);
    expect(await page(null)).toEqual(ids.slice(0, 2));
    expect(await page(ids[1]!)).toEqual(ids.slice(2, 4));
    expect(await page(null, 'FAILURE')).toEqual([ids[1], ids[3]]);
  });

  test('are best effort: a failing database loses them with one warning and breaks nothing', async () => {
    const traces = made();
    failing = true;
    traces.start(ORG);
    await traces.flush();
    expect(warnings).toEqual(['trace_not_written']);
    failing = false;
    const { id } = traces.start(ORG);
    await traces.flush();
    expect(await read(id)).not.toBeNull();
  });

  test.each([
    ['U+0000', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['the other half', '\ude00b'],
    ['an emoji cut in the middle', `${'x'.repeat(255)}\u{1f600}`],
    ['an escape spelt out', 'a\\u0000b\\ud83d'],
  ])('%s in a value or a name loses no other trace of the batch', async (_name, text) => {
    const traces = made();
    const good = traces.start(ORG, { outcome: 'SUCCESS' });
    const odd = traces.start(ORG, { outcome: 'FAILURE', reason: text, login: text });
    odd.step({
      kind: 'request.received',
      outcome: 'INFO',
      detail: [
        { label: text, received: { [text]: text }, made: text },
        { label: text, received: text, personal: true },
      ],
    });
    await traces.flush();
    expect(warnings).toEqual([]);
    expect(await read(good.id)).toMatchObject({ outcome: 'SUCCESS' });
    expect(await read(odd.id)).toMatchObject({ outcome: 'FAILURE' });
  });

  test('an escape spelt out is kept as it was', async () => {
    const traces = made();
    const { id } = traces.start(ORG, { reason: 'a\\u0000b' });
    await traces.flush();
    expect((await read(id))?.reason).toBe('a\\u0000b');
  });

  test('memory is bounded: beyond the limit the oldest unwritten ones are given up, with a warning', async () => {
    const traces = made();
    const first = traces.start(ORG);
    for (let index = 0; index < 5_000; index++) traces.start(ORG);
    expect(warnings).toEqual(['trace_given_up']);
    await traces.flush();
    expect(await read(first.id)).toBeNull();
    const { rows } = await test_.database.query<{ n: number }>({
      text: 'select count(*)::int as n from sign_in_traces',
      values: [],
    });
    expect(rows[0]?.n).toBe(5_000);
  });

  test('a loop cannot fill one trace without end', async () => {
    const traces = made();
    const trace = traces.start(ORG);
    for (let index = 0; index < 1_000; index++) trace.step({ kind: 'provider.called', outcome: 'INFO' });
    await traces.flush();
    expect((await read(trace.id))?.steps.length).toBeLessThanOrEqual(60);
  });

  test('are removed by age', async () => {
    const traces = made();
    traces.start(ORG);
    await traces.flush();
    expect(await purgeTraces(test_.database, AT)).toBe(0);
    expect(await purgeTraces(test_.database, new Date(AT.getTime() + 1))).toBe(1);
  });
});
