/** The long work of group rules: evaluating everybody, and taking back what a deleted rule gave, or leaving it. Batches by the people's ids. */
import type { Executor } from '../../database/index.ts';
import type { JobHandler, Problem, StartJob } from '../../jobs/index.ts';
import { type Caller, record } from '../../system-log/index.ts';
import type { Evaluator, PersonFailure } from './apply.ts';
import { noAnswer, ruleEvent } from './events.ts';
import type { GroupRulesDeps } from './ports.ts';
import type { GroupRule } from './schema.ts';
import { lockRules } from './store.ts';

export const PEOPLE_PER_STEP = 500;
export const EVALUATION = 'group-rules';
export const REMOVAL = 'group-rule-removal';

interface RuleParams {
  ruleId: string;
  name: string;
}

/** All active rules are evaluated, not only the one that the job is about: what one gives, another may look at. */
export async function evaluationOf(
  { people }: GroupRulesDeps,
  tx: Executor,
  orgId: string,
  about: { title: string; rule?: Pick<GroupRule, 'id' | 'name'>; join?: StartJob['join'] },
): Promise<StartJob> {
  const { title, rule, join } = about;
  const total = await people.count(tx, orgId);
  return { kind: EVALUATION, title, params: {}, total, join, ...(rule === undefined ? {} : { subjectId: rule.id }) };
}

export async function removalOf(
  { groups }: GroupRulesDeps,
  tx: Executor,
  { orgId, id, name }: GroupRule,
): Promise<StartJob | null> {
  const total = await groups.gifts.countOfRule(tx, orgId, id);
  if (total === 0) return null;
  const params = { ruleId: id, name };
  return { kind: REMOVAL, title: `Remove from groups whom the rule "${name}" put there`, params, total, subjectId: id };
}

/** What a deleted rule gave stays as if set by hand. The transaction holds the lock of the rules alone. */
export async function keepMemberships(
  { groups }: Pick<GroupRulesDeps, 'groups'>,
  tx: Executor,
  caller: Caller,
  rule: Pick<GroupRule, 'id' | 'name' | 'orgId'>,
  at: Date,
): Promise<void> {
  const memberships = await groups.gifts.keep(tx, rule.orgId, rule.id);
  if (memberships === 0) return;
  await record(tx, {
    ...ruleEvent('gatehouse.group_rule.memberships_kept', caller, rule, at),
    debugData: { memberships },
  });
}

export function groupRuleJobs(deps: GroupRulesDeps, evaluator: Evaluator): JobHandler[] {
  return [evaluationJob(deps, evaluator), removalJob(deps, evaluator)];
}

function evaluationJob({ people }: GroupRulesDeps, evaluator: Evaluator): JobHandler {
  return {
    kind: EVALUATION,
    async step(tx, { orgId, cursor, at }) {
      if (cursor === null) {
        // Alone for a moment: whoever was evaluated before the change that wants this job has committed then, and is met by it.
        await lockRules(tx, orgId, 'alone');
        return { cursor: '', done: 0, finished: false };
      }
      const page = await people.after(tx, orgId, String(cursor), PEOPLE_PER_STEP);
      const ids = page.map((person) => person.id);
      const problems = (await evaluator.evaluate(tx, { orgId }, ids, at)).map(problemOf);
      const failed = new Set(problems.map((problem) => problem.at)).size;
      return {
        cursor: ids.at(-1) ?? cursor,
        done: ids.length,
        failed,
        problems,
        finished: ids.length < PEOPLE_PER_STEP,
      };
    },
  };
}

const problemOf = ({ person, rule, code, message }: PersonFailure): Problem => ({
  at: person.target.alternateId,
  code,
  message: noAnswer(rule, message),
});

function removalJob(deps: GroupRulesDeps, evaluator: Evaluator): JobHandler {
  const { people, groups } = deps;
  return {
    kind: REMOVAL,
    async step(tx, { orgId, params, cursor, at }) {
      const { ruleId, name } = params as unknown as RuleParams;
      const { readsGroups } = await evaluator.rules(tx, orgId);
      const withdraw = await groups.gifts.ofRule(tx, orgId, ruleId, String(cursor ?? ''), PEOPLE_PER_STEP);
      const ids = [...new Set(withdraw.map((gift) => gift.userId))];
      await people.hold(tx, orgId, ids);
      const affected = await people.byIds(tx, orgId, ids);
      await groups.gifts.apply(
        tx,
        { give: [], withdraw },
        {
          occasion: { orgId },
          at,
          ruleNames: new Map([[ruleId, name]]),
          people: new Map(affected.map((person) => [person.id, person.target])),
        },
      );
      if (readsGroups) await evaluator.evaluate(tx, { orgId }, ids, at);
      return { cursor: ids.at(-1) ?? cursor, done: ids.length, finished: ids.length < PEOPLE_PER_STEP };
    },
    // The rule is gone and nothing else would ever end these memberships: they become what an administrator can see and end.
    async cancelled(tx, { orgId, params, at }, by) {
      const { ruleId, name } = params as unknown as RuleParams;
      await lockRules(tx, orgId, 'alone');
      await keepMemberships(deps, tx, by, { id: ruleId, name, orgId }, at);
    },
  };
}
