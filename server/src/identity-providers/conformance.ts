/**
 * One suite for every connector: what sign-in relies on, whatever the protocol. A connector's test calls it with a harness that plays
 * the provider. It is a test support, imported by tests only.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../shared/json.ts';
import type { TraceStep } from '../sign-in/index.ts';
import type { Begun, Connector, FinishContext, SignInStart } from './connector.ts';

export interface ConnectorHarness {
  connector: Connector;
  start: SignInStart;
  now(): Date;
  /** What the browser brings back when the provider and the person agree. */
  genuineAnswer(begun: Begun): Promise<URLSearchParams>;
  /** What it brings back when the person refuses. */
  cancelledAnswer(begun: Begun): Promise<URLSearchParams>;
  /** Runs `work` while the provider cannot be reached by the hub; null for a connector that never calls its provider. */
  whileUnreachable: ((work: () => Promise<void>) => Promise<void>) | null;
  /** Values that no trace and no reason may show, as they stand after a sign-in. */
  secrets(): string[];
}

const LARGEST_MEMORY = 1024;
const CLIENT_ERRORS = ['access_denied', 'invalid_social_token', 'server_error'];

export function connectorConformance(name: string, harnessOf: () => ConnectorHarness): void {
  describe(`${name} as a connector`, () => {
    signsIn(() => prepared(harnessOf()));
    refuses(() => prepared(harnessOf()));
  });
}

function prepared(harness: ConnectorHarness) {
  const steps: TraceStep[] = [];
  const context: FinishContext = {
    baseUrl: harness.start.baseUrl,
    now: harness.now(),
    trace: { id: 'trace', step: (step) => steps.push(step) },
  };
  const finish = (params: URLSearchParams, remembered: Json | null) =>
    harness.connector.finish({ params }, remembered, context);
  return { ...harness, steps, finish, begin: () => harness.connector.begin(harness.start) };
}

type Prepare = () => ReturnType<typeof prepared>;

function signsIn(prepare: Prepare): void {
  it('sends the person away with the state, and remembers little', async () => {
    const { begin, start } = prepare();
    const { outgoing, remember } = await begin();
    const carried = outgoing.kind === 'redirect' ? new URL(outgoing.url).href : JSON.stringify(outgoing.fields);
    expect(carried.split(start.state)).toHaveLength(2);
    expect(JSON.parse(JSON.stringify(remember))).toEqual(remember);
    expect(JSON.stringify(remember).length).toBeLessThanOrEqual(LARGEST_MEMORY);
  });

  it('binds every sign-in anew', async () => {
    const { begin } = prepare();
    const memories = await Promise.all(
      Array.from({ length: 20 }, async () => JSON.stringify((await begin()).remember)),
    );
    expect(new Set(memories).size).toBe(20);
  });

  it('makes an identity of a genuine answer', async () => {
    const { begin, finish, genuineAnswer, steps } = prepare();
    const begun = await begin();
    const result = await finish(await genuineAnswer(begun), begun.remember);
    if (!result.ok) throw new Error(result.error.reason);
    const identity = result.value;
    expect(identity.subject).not.toBe('');
    expect(identity.issuer).not.toBe('');
    expect([true, false, null]).toContain(identity.emailVerified);
    expect(JSON.parse(JSON.stringify(identity.claims))).toEqual(identity.claims);
    expect(Array.isArray(identity.once)).toBe(true);
    expect(steps.some(({ kind, outcome }) => kind === 'identity.checked' && outcome !== 'FAILED')).toBe(true);
  });
}

function refuses(prepare: Prepare): void {
  it('refuses an answer that nobody was sent for, and one for another sign-in', async () => {
    const { begin, finish, genuineAnswer } = prepare();
    const [mine, other] = [await begin(), await begin()];
    expect((await finish(await genuineAnswer(mine), null)).ok).toBe(false);
    expect((await finish(await genuineAnswer(mine), other.remember)).ok).toBe(false);
    expect((await finish(await genuineAnswer(mine), mine.remember)).ok).toBe(true);
  });

  it('refuses whatever else comes with a code, a sentence and an error for the application, and never throws', async () => {
    const { begin, finish } = prepare();
    const { remember } = await begin();
    const names = fc.constantFrom(
      'code',
      'state',
      'error',
      'error_description',
      'iss',
      'SAMLResponse',
      'RelayState',
      'id_token',
    );
    const anything = fc.array(fc.tuple(names, fc.string({ unit: 'binary', maxLength: 60 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anything, fc.jsonValue({ maxDepth: 2 }), async (pairs, sealed) => {
        for (const remembered of [remember, sealed as Json]) {
          const result = await finish(new URLSearchParams(pairs), remembered);
          if (result.ok) throw new Error('accepted');
          expect(result.error.code).toMatch(/^[a-z0-9_]+$/);
          expect(result.error.reason).toMatch(/^\P{Cc}{10,2000}$/u);
          expect(CLIENT_ERRORS).toContain(result.error.client.error);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('tells a cancelled sign-in from a failed one', async () => {
    const { begin, finish, cancelledAnswer } = prepare();
    const begun = await begin();
    const result = await finish(await cancelledAnswer(begun), begun.remember);
    expect(result).toMatchObject({ ok: false, error: { code: 'user_canceled_request', recoverable: true } });
  });

  it('lets the person try again when the provider could not be reached', async () => {
    const { begin, finish, genuineAnswer, whileUnreachable } = prepare();
    if (whileUnreachable === null) return;
    const begun = await begin();
    const answer = await genuineAnswer(begun);
    await whileUnreachable(async () => {
      expect(await finish(answer, begun.remember)).toMatchObject({ ok: false, error: { recoverable: true } });
    });
    const again = await begin();
    expect((await finish(await genuineAnswer(again), again.remember)).ok).toBe(true);
  });

  it('shows no secret in its trace or its reasons', async () => {
    const { begin, finish, genuineAnswer, steps, secrets } = prepare();
    const [mine, other] = [await begin(), await begin()];
    const answer = await genuineAnswer(mine);
    const refused = await finish(answer, other.remember);
    await finish(await genuineAnswer(mine), mine.remember);
    const written = JSON.stringify([steps, refused]);
    for (const secret of [...secrets(), ...answer.getAll('code')]) expect(written).not.toContain(secret);
  });
}
