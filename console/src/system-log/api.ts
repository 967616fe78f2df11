/** What the System Log's screen asks of the hub. */
import { query } from '../api/client.ts';
import { usePages } from '../api/hooks.ts';
import type { LogEvent } from '../contract.ts';

export interface LogFilter {
  /** ISO 8601. */
  since: string;
  q: string;
  eventType: string;
  outcome: string;
  /** An expression of the filter language, for what the fields do not offer. */
  expression: string;
}

export function useLogEvents(filter: LogFilter) {
  const conditions = [
    filter.eventType === '' ? '' : `eventType eq "${filter.eventType}"`,
    filter.outcome === '' ? '' : `outcome.result eq "${filter.outcome}"`,
    filter.expression.trim() === '' ? '' : `(${filter.expression.trim()})`,
  ].filter((condition) => condition !== '');
  const path = `/api/v1/logs${query({
    since: filter.since,
    q: filter.q,
    filter: conditions.join(' and '),
    sortOrder: 'DESCENDING',
    limit: 50,
  })}`;
  return usePages<LogEvent>(['system-log', path], path);
}
