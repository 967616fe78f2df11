/**
 * system-log: the catalogue of events, their recording inside the change's own transaction, and their query. The table is also the
 * outbox that event hooks and provisioning will read. It is not the process's log (shared/log.ts) and not the sign-in trace. Level 2.
 */
export { type Caller, callerOf, doneBy } from './caller.ts';
export { EVENT_TYPES, type EventType, type EventTypeName } from './events.ts';
export { findEvent, type OutboxEvent, type OutboxPlace, outboxEnd, readOutbox } from './outbox.ts';
export { maintainPartitions, RETENTION_DAYS } from './partitions.ts';
export { type LogQuery, queryLog } from './query.ts';
export {
  type EventInput,
  insertLog,
  insertLogFrom,
  type LogActor,
  type LogTarget,
  logRows,
  record,
  SYSTEM_ACTOR,
} from './record.ts';
export { systemLogRoutes } from './routes.ts';
export { describeUserAgent } from './user-agent.ts';
