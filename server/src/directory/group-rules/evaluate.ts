/** What the active rules give to a person, and what that changes. Pure. */
import { compile, type Expression } from '../../expressions/index.ts';
import type { Json } from '../../shared/json.ts';
import type { Standing } from '../groups/index.ts';
import type { GroupRule } from './schema.ts';

export interface CompiledRule {
  id: string;
  name: string;
  program: Expression;
  excludedUsers: ReadonlySet<string>;
  excludedGroups: readonly string[];
  /** Groups that exist and whose members are chosen here. */
  groups: readonly { id: string; name: string }[];
}

export interface CompiledRules {
  /** The active ones, in the order of their ids. */
  rules: readonly CompiledRule[];
  /** Whether any of them looks at memberships: then a change of memberships can change what they give. */
  readsGroups: boolean;
  everyone: { id: string; name: string };
}

export interface RuleSubject {
  id: string;
  profile: Record<string, Json>;
}

export interface RuleFailure {
  ruleId: string;
  code: string;
  message: string;
}

export interface RuleOutcome {
  /** Rules that the person matches. */
  matched: string[];
  give: { ruleId: string; groupId: string }[];
  withdraw: { ruleId: string; groupId: string }[];
  /** Rules whose expression has no answer for this person: they count as not matched. */
  failures: RuleFailure[];
}

/** `names`: of the groups that the rules may fill. A rule whose expression this version cannot read gives nothing. */
export function compileRules(
  rules: readonly GroupRule[],
  names: ReadonlyMap<string, string>,
  everyone: CompiledRules['everyone'],
): CompiledRules {
  const compiled = rules.flatMap((rule) => {
    const program = compile(rule.expression, 'groupRule');
    if (!program.ok) return [];
    const groups = rule.groupIds.flatMap((id) => (names.has(id) ? [{ id, name: names.get(id)! }] : []));
    const { id, name, excludedGroups } = rule;
    return [{ id, name, program: program.value, excludedUsers: new Set(rule.excludedUsers), excludedGroups, groups }];
  });
  const readsGroups = compiled.some((rule) => rule.excludedGroups.length > 0 || rule.program.needs.includes('groups'));
  return { rules: compiled, readsGroups, everyone };
}

/**
 * Begins with the memberships that no active rule gives, and adds what rules give until nothing is added any more, so that a rule may
 * build on the groups of another one. A rule that has matched stays matched: the outcome depends on the person alone, not on what rules
 * gave before, and there is always one.
 */
export function evaluateRules(
  { rules, readsGroups, everyone }: CompiledRules,
  person: RuleSubject,
  standing: readonly Standing[],
): RuleOutcome {
  const active = new Set(rules.map((rule) => rule.id));
  const byRules = (membership: Standing) =>
    membership.source === 'RULE' && membership.ruleIds.every((id) => active.has(id));
  const members = new Map([[everyone.id, everyone]]);
  for (const membership of standing)
    if (!byRules(membership)) members.set(membership.groupId, { id: membership.groupId, name: membership.name });

  const matched = new Set<string>();
  let failures: RuleFailure[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    failures = [];
    for (const rule of rules) {
      if (matched.has(rule.id) || !holds(rule, person, members, failures)) continue;
      matched.add(rule.id);
      for (const group of rule.groups) members.set(group.id, group);
      grown = readsGroups;
    }
  }
  return { matched: [...matched], ...difference(rules, matched, standing, active), failures };
}

type Members = ReadonlyMap<string, { id: string; name: string }>;

function holds(rule: CompiledRule, person: RuleSubject, members: Members, failures: RuleFailure[]): boolean {
  if (rule.excludedUsers.has(person.id) || rule.excludedGroups.some((id) => members.has(id))) return false;
  const result = rule.program.evaluate({ user: person.profile, groups: [...members.values()] });
  if (!result.ok) {
    failures.push({ ruleId: rule.id, code: result.error.code, message: result.error.message });
    return false;
  }
  const { value } = result.value;
  if (typeof value === 'boolean' || value === null) return value === true;
  failures.push({
    ruleId: rule.id,
    code: 'type_mismatch',
    message: 'The expression of a group rule must be true or false.',
  });
  return false;
}

function difference(
  rules: readonly CompiledRule[],
  matched: ReadonlySet<string>,
  standing: readonly Standing[],
  active: ReadonlySet<string>,
): Pick<RuleOutcome, 'give' | 'withdraw'> {
  const wanted = rules
    .filter((rule) => matched.has(rule.id))
    .flatMap((rule) => rule.groups.map((group) => ({ ruleId: rule.id, groupId: group.id })));
  const present = standing.flatMap(({ groupId, ruleIds }) =>
    ruleIds.filter((id) => active.has(id)).map((ruleId) => ({ ruleId, groupId })),
  );
  const key = ({ ruleId, groupId }: { ruleId: string; groupId: string }) => `${ruleId} ${groupId}`;
  const [want, have] = [new Set(wanted.map(key)), new Set(present.map(key))];
  return {
    give: wanted.filter((gift) => !have.has(key(gift))),
    withdraw: present.filter((gift) => !want.has(key(gift))),
  };
}
