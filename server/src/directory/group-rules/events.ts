/** The System Log's events about group rules; those of memberships are recorded by groups. */
import { type Caller, doneBy, type EventTypeName } from '../../system-log/index.ts';
import { type GroupRule, ruleTarget } from './schema.ts';

export const ruleEvent = (type: EventTypeName, caller: Caller, rule: Pick<GroupRule, 'id' | 'name'>, at: Date) =>
  doneBy(caller, { type, at, targets: [ruleTarget(rule)] });
