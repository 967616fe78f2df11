/**
 * directory/group-rules: who belongs to a group by an expression over their profile and groups: the rules, their evaluation when a person
 * changes and, as a job, for everybody. It is not the memberships themselves, nor which rule gave which (groups). Level 3.
 */
export type { CompiledRules, RuleOutcome, RuleSubject } from './evaluate.ts';
export type { GroupRulesDeps, RulePerson } from './ports.ts';
export { groupRuleRoutes } from './routes.ts';
export type { GroupRuleBody, GroupRuleWire } from './schema.ts';
export { type CheckResult, createGroupRules, type GroupRules } from './service.ts';
