/** The System Log's events about group rules; those of memberships are recorded by groups. */
import type { Caller, EventInput, EventTypeName } from '../../system-log/index.ts';
import { type GroupRule, ruleTarget } from './schema.ts';

export function ruleEvent(
  type: EventTypeName,
  caller: Caller,
  rule: Pick<GroupRule, 'id' | 'name' | 'orgId'>,
  at: Date,
): EventInput {
  const { actor, client, requestId } = caller;
  return { orgId: rule.orgId, type, at, actor, client, requestId, targets: [ruleTarget(rule)] };
}
