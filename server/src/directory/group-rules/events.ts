/** The System Log's events about group rules; those of memberships are recorded by groups. */
import { type Caller, doneBy, type EventInput, type EventTypeName } from '../../system-log/index.ts';
import type { Occasion } from '../groups/index.ts';
import type { PersonFailure } from './apply.ts';
import { type GroupRule, ruleTarget } from './schema.ts';

export const ruleEvent = (type: EventTypeName, caller: Caller, rule: Pick<GroupRule, 'id' | 'name'>, at: Date) =>
  doneBy(caller, { type, at, targets: [ruleTarget(rule)] });

export const noAnswer = (rule: string, message: string) =>
  `The rule "${rule}" has no answer, so it counts as not matched: ${message}`;

/** One event for each rule, however many people one change concerns: it names the first, and counts them. */
export function noAnswerEvents(
  { orgId, client, requestId }: Occasion,
  failures: readonly PersonFailure[],
  at: Date,
): EventInput[] {
  return [...Map.groupBy(failures, ({ ruleId }) => ruleId)].map(([id, [first, ...others]]) => {
    const { person, rule, code, message } = first!;
    return {
      ...{ orgId, client, requestId },
      type: 'gatehouse.group_rule.no_answer',
      at,
      outcome: { result: 'FAILURE', reason: noAnswer(rule, message) },
      targets: [person.target, ruleTarget({ id, name: rule })],
      debugData: { code, people: others.length + 1 },
    };
  });
}
