import { insertLogFrom } from '../../system-log/index.ts';

/**
 * `insert` of log rows (parameter `$n`) about a user whom only the statement itself finds: `source` names a relation with `user_id`,
 * `profile` and `trace_id`, whose row completes subject, targets and transaction. Without a row in it nothing is recorded.
 */
export const insertLogAbout = (parameter: string, source: string): string =>
  insertLogFrom(parameter, {
    from: `(select * from ${source} limit 1) r`,
    subjectId: 'r.user_id',
    traceId: 'r.trace_id',
    targetIds: 'e.target_ids || r.user_id',
    payload: `e.payload || jsonb_build_object('transaction', jsonb_build_object('type', 'WEB', 'id', r.trace_id),
      'target', (e.payload->'target') || jsonb_build_object('id', r.user_id, 'type', 'User', 'alternateId', r.profile->>'login',
        'displayName', coalesce(nullif(concat_ws(' ', r.profile->>'firstName', r.profile->>'lastName'), ''), r.profile->>'login')))`,
  });
