/** Group rules as other modules and the routes use them. */
import type { Executor } from '../../database/index.ts';
import { compile, compileToSave } from '../../expressions/index.ts';
import { type Page, pageOf } from '../../http/index.ts';
import type { JobHandler } from '../../jobs/index.ts';
import { record } from '../../system-log/index.ts';
import type { Occasion, RulePort, Standing } from '../groups/index.ts';
import type { UsedAttribute } from '../profile-schemas/index.ts';
import { createEvaluator, type Evaluator, evaluateAndTell, loadRules } from './apply.ts';
import { existing, type RuleChanges, ruleChanges } from './changes.ts';
import { type CompiledRules, compileRules, evaluateRules, type RuleOutcome, type RuleSubject } from './evaluate.ts';
import { ruleEvent } from './events.ts';
import { evaluationOf, groupRuleJobs } from './jobs.ts';
import type { GroupRulesDeps } from './ports.ts';
import { type GroupRule, type GroupRuleWire, ruleToWire } from './schema.ts';
import * as store from './store.ts';

export interface RuleQuery {
  /** In the name, without case. */
  search?: string;
  q?: string;
  after?: string;
}

export interface CheckResult {
  /** Empty when the expression can be saved. */
  errors: { message: string; line: number; column: number; hint: string | null }[];
  /** Whether the person asked about matches; null where nobody was asked about. */
  matches: boolean | null;
  /** Why it has no answer for the person. */
  problem: string | null;
}

export interface GroupRules extends RuleChanges {
  get(orgId: string, id: string): Promise<GroupRule>;
  list(orgId: string, query: RuleQuery, limit: number): Promise<Page<GroupRule>>;
  toWire(orgId: string, rules: readonly GroupRule[], options: { withNames: boolean }): Promise<GroupRuleWire[]>;
  /** Whether an expression can be saved, and whether somebody matches it; nothing is changed. */
  check(orgId: string, expression: string, idOrLogin: string | null): Promise<CheckResult>;
  /**
   * People were created, their profile or status changed, or their memberships: the active rules are evaluated for them in the same
   * transaction. The rows of these people must not be locked after those of groups, or two changes could wait for each other.
   */
  evaluate(tx: Executor, occasion: Occasion, userIds: readonly string[], at: Date): Promise<void>;
  /** The active rules for a sign-in, which writes what they give itself. */
  compiled(orgId: string): Promise<CompiledRules>;
  /** Sentences that say which rules read an attribute of people; none while another user type has one of that name. */
  usedBy(
    tx: Executor,
    orgId: string,
    attribute: Pick<UsedAttribute, 'ownerKind' | 'name' | 'elsewhere'>,
  ): Promise<string[]>;
  outcome(rules: CompiledRules, person: RuleSubject, standing: readonly Standing[]): RuleOutcome;
  port: RulePort;
  jobHandlers(): JobHandler[];
}

export function createGroupRules(deps: GroupRulesDeps): GroupRules {
  const { database, configuration, groups } = deps;
  const evaluator = createEvaluator(deps);
  const slice = configuration.slice((db, orgId) => loadRules(deps, db, orgId));
  return {
    ...ruleChanges(deps),
    get: (orgId, id) => existing(database, orgId, id),
    async list(orgId, { search, q, after }, limit) {
      const query = { text: search || q || null, after: after ?? null, limit: limit + 1 };
      return pageOf(await store.listRules(database, orgId, query), limit, (rule) => rule.id);
    },
    async toWire(orgId, rules, options) {
      const ids = [...new Set(rules.flatMap((rule) => rule.groupIds))];
      const names = await groups.gifts.targets(database, orgId, ids);
      return rules.map((rule) => ruleToWire(rule, names, options));
    },
    check: (orgId, expression, idOrLogin) => check(deps, orgId, expression, idOrLogin),
    evaluate: (tx, occasion, userIds, at) => evaluateAndTell(evaluator, tx, occasion, userIds, at),
    compiled: (orgId) => slice.get(orgId),
    async usedBy(tx, orgId, { ownerKind, name, elsewhere }) {
      if (ownerKind !== 'user_type' || elsewhere) return [];
      const rules = await store.allRules(tx, orgId);
      return rules.filter((rule) => reads(rule, name)).map((rule) => `the group rule "${rule.name}" (${rule.id})`);
    },
    outcome: evaluateRules,
    port: rulePort(deps, evaluator),
    jobHandlers: () => groupRuleJobs(deps, evaluator),
  };
}

function reads(rule: GroupRule, attribute: string): boolean {
  const program = compile(rule.expression, 'groupRule');
  return program.ok && program.value.references.some(({ root, path }) => root === 'user' && path[0] === attribute);
}

function rulePort(deps: GroupRulesDeps, evaluator: Evaluator): RulePort {
  const { configuration, people, jobs } = deps;
  return {
    async beforeChange(tx, orgId, userIds) {
      await people.hold(tx, orgId, userIds);
      await evaluator.rules(tx, orgId);
    },
    async membershipsChanged(tx, caller, userIds, at) {
      if ((await evaluator.rules(tx, caller.orgId)).readsGroups)
        await evaluateAndTell(evaluator, tx, caller, userIds, at);
    },
    async except(tx, caller, userId, ruleIds, at) {
      const changed = await store.addExcludedUser(tx, caller.orgId, ruleIds, userId, at);
      if (changed.length === 0) return;
      evaluator.forget(tx);
      await configuration.changed(tx, caller.orgId);
      const events = changed.map((rule) => ruleEvent('policy.rule.update', caller, rule, at));
      await record(tx, ...events.map((event) => ({ ...event, debugData: { excludedUser: userId } })));
      await evaluateAndTell(evaluator, tx, caller, [userId], at);
    },
    beforeGroupChange: async (tx, orgId) => void (await evaluator.rules(tx, orgId)),
    async groupChanged(tx, caller, group) {
      const { rules, readsGroups } = await evaluator.rules(tx, caller.orgId);
      const filled = rules.some((rule) => rule.groups.some(({ id }) => id === group.id));
      if (filled || readsGroups) await configuration.changed(tx, caller.orgId);
      if (!readsGroups) return;
      const title = `Apply all group rules: the group "${group.name}" was changed`;
      const join = { title: 'Apply all group rules: groups were changed' };
      await jobs.start(tx, caller, await evaluationOf(deps, tx, caller.orgId, { title, join }));
    },
    names: store.ruleNames,
  };
}

async function check(
  { database, groups, people }: GroupRulesDeps,
  orgId: string,
  expression: string,
  idOrLogin: string | null,
): Promise<CheckResult> {
  const compiled = compileToSave(expression, 'groupRule');
  const errors = compiled.ok
    ? []
    : compiled.error.map(({ message, at, hint }) => ({
        message,
        line: at.line,
        column: at.column,
        hint: hint ?? null,
      }));
  if (!compiled.ok || idOrLogin === null) return { errors, matches: null, problem: null };
  const person = await people.find(orgId, idOrLogin);
  const rule = { id: 'check', orgId, name: 'check', expression, excludedUsers: [], excludedGroups: [], groupIds: [] };
  const asked = compileRules([{ ...rule, ...NEW }], new Map(), await groups.everyone(database, orgId));
  const standing = await groups.gifts.standing(database, orgId, [person.id]);
  const { matched, failures } = evaluateRules(asked, person, standing);
  return { errors, matches: matched.length > 0, problem: failures[0]?.message ?? null };
}

const NEW = { status: 'ACTIVE', created: new Date(0), lastUpdated: new Date(0), version: 1 } as const;
