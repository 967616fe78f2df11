/** `/api/gatehouse/v1/sign-ins`: the traces, for administrators. */
import { createSecretKey } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/index.ts';
import { administrator, apiErrors, limitOf, pageOf, sendPage, textQuery } from '../../http/index.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import type { Traces } from './recorder.ts';
import { readableLines, TRACE_PURPOSE } from './sealing.ts';
import { findTrace, listTraces, type StoredTrace } from './store.ts';
import { type TraceFacts, type TraceLine, type TraceStep, titleOf } from './trace.ts';

export interface TraceNames {
  application(orgId: string, id: string): Promise<string | null>;
  identityProvider(orgId: string, id: string): Promise<string | null>;
}

/** A sign-in as the list sends it. */
export interface SignInWire {
  id: string;
  startedAt: string;
  lastAt: string;
  outcome: NonNullable<TraceFacts['outcome']>;
  reason: string | null;
  application: { id: string; label: string | null } | null;
  identityProvider: { id: string; name: string | null } | null;
  user: { id: string | null; login: string | null } | null;
}

export interface SignInTraceWire extends SignInWire {
  steps: {
    at: string;
    kind: string;
    outcome: TraceStep['outcome'];
    title: string;
    code?: string;
    detail: TraceLine[];
  }[];
}

const OUTCOMES = new Set(['OPEN', 'SUCCESS', 'FAILURE']);

export function traceRoutes(deps: { database: Database; traces: Traces; secretBox: SecretBox; names: TraceNames }) {
  const keys = deps.secretBox.deriveAll(TRACE_PURPOSE).map((key) => createSecretKey(key));
  const sealedUnder = (orgId: string, traceId: string) => keys.map((key) => ({ orgId, traceId, key }));

  const summary = async (orgId: string, trace: Omit<StoredTrace, 'steps'>): Promise<SignInWire> => ({
    id: trace.id,
    startedAt: trace.startedAt.toISOString(),
    lastAt: trace.lastAt.toISOString(),
    outcome: trace.outcome,
    reason: trace.reason,
    application:
      trace.appId === null ? null : { id: trace.appId, label: await deps.names.application(orgId, trace.appId) },
    identityProvider:
      trace.idpId === null ? null : { id: trace.idpId, name: await deps.names.identityProvider(orgId, trace.idpId) },
    user: trace.userId === null && trace.login === null ? null : { id: trace.userId, login: trace.login },
  });

  return async (server: FastifyInstance) => {
    server.get(
      '/api/gatehouse/v1/sign-ins',
      {
        onRequest: administrator,
        schema: {
          tags: ['Sign-in traces'],
          summary: 'Lists sign-ins, newest first',
          querystring: textQuery('outcome', 'userId', 'limit', 'after'),
        },
      },
      async (request, reply) => {
        const query = request.query as Record<string, string | undefined>;
        const limit = limitOf(query.limit, { fallback: 50, max: 200 });
        const outcome = query.outcome ?? null;
        if (outcome !== null && !OUTCOMES.has(outcome))
          throw apiErrors.validation('outcome', 'outcome: expected OPEN, SUCCESS or FAILURE');
        await deps.traces.flush();
        const rows = await listTraces(deps.database, request.org.id, {
          outcome,
          userId: query.userId ?? null,
          after: query.after ?? null,
          limit: limit + 1,
        });
        const page = pageOf(rows, limit, (last) => last.id);
        const items = await Promise.all(page.items.map((trace) => summary(request.org.id, trace)));
        return sendPage(request, reply, { items, after: page.after });
      },
    );

    server.get(
      '/api/gatehouse/v1/sign-ins/:id',
      { onRequest: administrator, schema: { tags: ['Sign-in traces'], summary: 'Reads one sign-in step by step' } },
      async (request): Promise<SignInTraceWire> => {
        const { id } = request.params as { id: string };
        await deps.traces.flush();
        const trace = await findTrace(deps.database, request.org.id, id);
        if (trace === null) throw apiErrors.notFound(id, 'SignIn');
        const steps = trace.steps
          .toSorted((a, b) => a.at.localeCompare(b.at))
          .map((step) => ({
            at: step.at,
            kind: step.kind,
            outcome: step.outcome,
            title: titleOf(step),
            ...(step.code === undefined ? {} : { code: step.code }),
            detail: readableLines(step, sealedUnder(request.org.id, id)),
          }));
        return { ...(await summary(request.org.id, trace)), steps };
      },
    );
  };
}
