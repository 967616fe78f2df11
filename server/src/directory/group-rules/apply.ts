/** Evaluating the active rules for people inside a transaction: what they give and take back is written with its events. */
import type { Executor } from '../../database/index.ts';
import { record } from '../../system-log/index.ts';
import type { Gift, GiftChange, Occasion } from '../groups/index.ts';
import { type CompiledRules, compileRules, evaluateRules } from './evaluate.ts';
import { noAnswerEvents } from './events.ts';
import type { GroupRulesDeps, RulePerson } from './ports.ts';
import { activeRules, lockRules } from './store.ts';

export interface PersonFailure {
  person: RulePerson;
  ruleId: string;
  rule: string;
  code: string;
  message: string;
}

export interface Evaluator {
  /** The active rules as the transaction sees them; until it ends no rule becomes active or inactive. */
  rules(tx: Executor, orgId: string): Promise<CompiledRules>;
  /** After this transaction changed rules itself. */
  forget(tx: Executor): void;
  /** Returns the expressions that had no answer, for the list of a job's problems. People who are deprovisioned are passed over. */
  evaluate(tx: Executor, occasion: Occasion, userIds: readonly string[], at: Date): Promise<PersonFailure[]>;
}

/** The same for a change that is no job's: rules without an answer are told of in the System Log. */
export async function evaluateAndTell(
  evaluator: Evaluator,
  tx: Executor,
  occasion: Occasion,
  userIds: readonly string[],
  at: Date,
): Promise<void> {
  const failures = await evaluator.evaluate(tx, occasion, userIds, at);
  if (failures.length > 0) await record(tx, ...noAnswerEvents(occasion, failures, at));
}

export async function loadRules(deps: GroupRulesDeps, db: Executor, orgId: string): Promise<CompiledRules> {
  const active = await activeRules(db, orgId);
  if (active.length === 0) return NO_RULES;
  const names = await deps.groups.gifts.targets(db, orgId, [...new Set(active.flatMap((rule) => rule.groupIds))]);
  return compileRules(active, names, await deps.groups.everyone(db, orgId));
}

const NO_RULES: CompiledRules = { rules: [], readsGroups: false, everyone: { id: '', name: '' } };

export function createEvaluator(deps: GroupRulesDeps): Evaluator {
  const loaded = new WeakMap<Executor, CompiledRules>();

  async function rules(tx: Executor, orgId: string): Promise<CompiledRules> {
    const known = loaded.get(tx);
    if (known !== undefined) return known;
    await lockRules(tx, orgId, 'together');
    const compiled = await loadRules(deps, tx, orgId);
    loaded.set(tx, compiled);
    return compiled;
  }
  return {
    rules,
    forget: (tx) => void loaded.delete(tx),
    async evaluate(tx, occasion, userIds, at) {
      const compiled = await rules(tx, occasion.orgId);
      if (compiled.rules.length === 0 || userIds.length === 0) return [];
      const people = await deps.people.hold(tx, occasion.orgId, userIds);
      const { change, failures } = await changeFor(deps, tx, occasion.orgId, compiled, people);
      await deps.groups.gifts.apply(tx, change, {
        occasion,
        at,
        ruleNames: new Map(compiled.rules.map((rule) => [rule.id, rule.name])),
        people: new Map(people.map((person) => [person.id, person.target])),
      });
      return failures;
    },
  };
}

async function changeFor(
  { groups }: GroupRulesDeps,
  tx: Executor,
  orgId: string,
  compiled: CompiledRules,
  people: readonly RulePerson[],
): Promise<{ change: GiftChange; failures: PersonFailure[] }> {
  const memberships = await groups.gifts.standing(
    tx,
    orgId,
    people.map((person) => person.id),
  );
  const byUser = Map.groupBy(memberships, (membership) => membership.userId);
  const names = new Map(compiled.rules.map((rule) => [rule.id, rule.name]));
  const give: Gift[] = [];
  const withdraw: Gift[] = [];
  const failures: PersonFailure[] = [];
  for (const person of people) {
    const outcome = evaluateRules(compiled, person, byUser.get(person.id) ?? []);
    give.push(...outcome.give.map((gift) => ({ ...gift, userId: person.id })));
    withdraw.push(...outcome.withdraw.map((gift) => ({ ...gift, userId: person.id })));
    for (const { ruleId, code, message } of outcome.failures)
      failures.push({ person, ruleId, rule: names.get(ruleId) ?? ruleId, code, message });
  }
  return { change: { give, withdraw }, failures };
}
