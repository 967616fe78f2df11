/**
 * Recording: from what a module knows of an event to the row of the System Log (contract §10.2). The rows go into the transaction of
 * the change that they tell of; nothing is recorded on the side.
 */
import type { Executor } from '../database/index.ts';
import type { ClientInfo } from '../http/index.ts';
import { uuidv7 } from '../shared/ids.ts';
import { type Json, storableJson } from '../shared/json.ts';
import { PRODUCT } from '../shared/product.ts';
import { EVENT_TYPES, type EventType, type EventTypeName } from './events.ts';
import { describeUserAgent } from './user-agent.ts';

export interface LogActor {
  id: string;
  type: string;
  alternateId: string;
  displayName: string;
}

export type LogTarget = LogActor;

export interface EventInput {
  orgId: string;
  type: EventTypeName;
  at: Date;
  /** SUCCESS unless stated. `reason` is what an administrator reads. */
  outcome?: { result: 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'ALLOW' | 'DENY' | 'CHALLENGE' | 'UNKNOWN'; reason?: string };
  /** INFO for what succeeded, WARN for what failed, unless stated. */
  severity?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** The hub itself unless stated. */
  actor?: LogActor;
  client?: ClientInfo;
  targets?: LogTarget[];
  authentication?: {
    provider?: string;
    credentialType?: string;
    interface?: string;
    sessionId?: string;
    issuer?: { id: string; type: string };
  };
  /** Machine-readable details, for example { code: 'link_denied_group' }. Never a secret. */
  debugData?: Record<string, Json>;
  /** The sign-in's trace id, or the request's id: ties events of one transaction together. */
  transactionId?: string;
  requestId?: string;
  /** Order of deliveries is kept per subject: the first User target unless stated. */
  subjectId?: string;
}

/** The actor of what the hub does by itself. */
export const SYSTEM_ACTOR: LogActor = {
  id: 'system',
  type: 'SystemPrincipal',
  alternateId: 'system@gatehouse',
  displayName: `${PRODUCT} System`,
};

/** `insert` of the rows that `logRows` made, passed as parameter `$n`, to be one part of a larger statement. */
export const insertLog = (parameter: string) =>
  insertLogFrom(parameter, {
    from: null,
    subjectId: 'e.subject_id',
    traceId: 'e.trace_id',
    targetIds: 'e.target_ids',
    payload: 'e.payload',
  });

/** The same where a relation of the statement, joined as `from`, completes the rows (`e`): SQL of the columns that it concerns. */
export const insertLogFrom = (
  parameter: string,
  sql: { from: string | null; subjectId: string; traceId: string; targetIds: string; payload: string },
) =>
  `insert into system_log (org_id, id, published, event_type, severity, outcome_result, actor_id, subject_id, target_ids, trace_id, payload)
  select e.org_id, e.id, e.published, e.event_type, e.severity, e.outcome_result, e.actor_id, ${sql.subjectId}, ${sql.targetIds}, ${sql.traceId}, ${sql.payload}
  from jsonb_to_recordset(${parameter}::jsonb) as e(
    org_id text, id uuid, published timestamptz, event_type text, severity text, outcome_result text, actor_id text, subject_id text,
    target_ids text[], trace_id text, payload jsonb)${sql.from === null ? '' : ` cross join ${sql.from}`}`;

/** The rows of some events as the JSON parameter of `insertLog`. */
export function logRows(events: readonly EventInput[]): string {
  return storableJson(events.map(toRow));
}

/** Records events in the caller's transaction. */
export async function record(tx: Executor, ...events: EventInput[]): Promise<void> {
  if (events.length > 0) await tx.query({ name: 'system_log_insert', text: INSERT_ALIKE, values: alikeRows(events) });
}

/** Events that come together differ in little but their targets: what they have in common is sent, and read by the database, once. */
const INSERT_ALIKE = `insert into system_log (org_id, id, published, event_type, severity, outcome_result, actor_id, subject_id, target_ids, trace_id, payload)
  select c.org_id, e.id, c.published, c.event_type, c.severity, c.outcome_result, c.actor_id, e.subject_id, e.target_ids, c.trace_id, c.payload || e.payload
  from jsonb_to_recordset($1::jsonb) as e(common int, id uuid, subject_id text, target_ids text[], payload jsonb)
  join jsonb_to_recordset($2::jsonb) as c(common int, org_id text, published timestamptz, event_type text, severity text, outcome_result text,
    actor_id text, trace_id text, payload jsonb) using (common)`;

/** So many kinds of events are looked through for one like the next event. */
const KINDS_LOOKED_THROUGH = 8;

function alikeRows(events: readonly EventInput[]): [string, string] {
  const kinds: EventInput[] = [];
  const rows = events.map((event) => {
    let common = kinds.findLastIndex((kind, at) => kinds.length - at <= KINDS_LOOKED_THROUGH && alike(kind, event));
    if (common === -1) common = kinds.push(event) - 1;
    return { common, ...ownColumns(event, uuidv7(event.at)) };
  });
  return [storableJson(rows), storableJson(kinds.map((kind, common) => ({ common, ...commonColumns(kind) })))];
}

const COMMON = [
  'orgId',
  'type',
  'outcome',
  'severity',
  'actor',
  'client',
  'authentication',
  'transactionId',
  'requestId',
] as const;

const alike = (one: EventInput, other: EventInput): boolean =>
  one.at.getTime() === other.at.getTime() && COMMON.every((name) => one[name] === other[name]);

function toRow(event: EventInput) {
  const [common, own] = [commonColumns(event), ownColumns(event, uuidv7(event.at))];
  return { ...common, ...own, payload: { ...common.payload, ...own.payload } };
}

/** What alike events have in common. Of the payload it leaves out the members that wire.ts fills in; `undefined` is left out of JSON. */
function commonColumns(event: EventInput) {
  const outcome = { result: event.outcome?.result ?? 'SUCCESS', reason: event.outcome?.reason };
  const failed = outcome.result === 'FAILURE' || outcome.result === 'DENY';
  const severity = event.severity ?? (failed ? 'WARN' : 'INFO');
  const actor = event.actor ?? SYSTEM_ACTOR;
  const type: EventType = EVENT_TYPES[event.type];
  const { authentication, client } = event;
  return {
    org_id: event.orgId,
    published: event.at.toISOString(),
    event_type: event.type,
    severity,
    outcome_result: outcome.result,
    actor_id: actor.id,
    trace_id: event.transactionId ?? null,
    payload: {
      actor,
      ...(client === undefined
        ? {}
        : {
            client: { ...describeUserAgent(client.userAgent), zone: 'null', ipAddress: client.ip },
            request: { ipChain: [{ ip: client.ip, version: client.ip.includes(':') ? 'V6' : 'V4' }] },
          }),
      authenticationContext: {
        authenticationProvider: authentication?.provider,
        credentialType: authentication?.credentialType,
        issuer: authentication?.issuer,
        interface: authentication?.interface,
        authenticationStep: 0,
        rootSessionId: authentication?.sessionId,
        externalSessionId: authentication?.sessionId ?? 'unknown',
      },
      displayMessage: type.displayMessage.replace('{product}', PRODUCT),
      eventType: event.type,
      outcome,
      published: event.at.toISOString(),
      severity,
      debugContext: { debugData: requestOf(event) },
      legacyEventType: type.legacyEventType,
      version: '0',
    },
  };
}

function ownColumns(event: EventInput, id: string) {
  const { targets = [], debugData } = event;
  return {
    id,
    subject_id: event.subjectId ?? targets.find((target) => target.type === 'User')?.id ?? targets[0]?.id ?? null,
    target_ids: targets.map((target) => target.id),
    payload: {
      ...(debugData === undefined ? {} : { debugContext: { debugData: { ...requestOf(event), ...debugData } } }),
      transaction: { type: 'WEB', id: event.transactionId ?? event.requestId ?? id },
      uuid: id,
      target: targets,
    },
  };
}

/** Undefined members are left out of JSON. */
const requestOf = ({ requestId, client }: EventInput) => ({
  requestId,
  requestUri: client?.requestUri,
  url: client?.url,
});
