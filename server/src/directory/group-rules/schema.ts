/** Group rules as they are stored, as clients send them and as they see them (contract §4). */
import Type, { type Static } from 'typebox';
import type { LogTarget } from '../../system-log/index.ts';

export type RuleStatus = 'ACTIVE' | 'INACTIVE';

export interface GroupRule {
  id: string;
  orgId: string;
  name: string;
  status: RuleStatus;
  /** Source text of scope `groupRule`. */
  expression: string;
  /** People whom the rule never gives anything. */
  excludedUsers: string[];
  /** Members of these groups neither. */
  excludedGroups: string[];
  /** Whoever matches becomes a member of these. */
  groupIds: string[];
  created: Date;
  lastUpdated: Date;
  version: number;
}

const nullable = <T>(type: string, extra: object = {}) =>
  Type.Optional(Type.Unsafe<T | null>({ type: [type, 'null'], ...extra }));
/** Whoever is taken out of a group by hand is excepted too: a rule that is read and sent back may name many. */
const MOST_EXCEPTIONS = 2_000;
const ids = (maxItems: number) => ({
  type: ['array', 'null'],
  maxItems,
  items: { type: 'string', maxLength: 100 },
});
const exclusion = (maxItems: number) => ({
  type: ['object', 'null'],
  properties: { include: ids(maxItems), exclude: ids(maxItems) },
});

interface Exclusion {
  exclude?: string[] | null;
}

/** Fields that are not named here are ignored. */
export const GroupRuleInput = Type.Object({
  type: nullable<string>('string'),
  name: Type.String({ minLength: 1, maxLength: 50 }),
  conditions: Type.Object({
    expression: Type.Object({
      value: Type.String({ minLength: 1, maxLength: 10_000 }),
      type: nullable<string>('string', { maxLength: 100 }),
    }),
    people: nullable<{ users?: Exclusion | null; groups?: Exclusion | null }>('object', {
      properties: { users: exclusion(MOST_EXCEPTIONS), groups: exclusion(100) },
    }),
  }),
  actions: Type.Object({
    assignUserToGroups: Type.Object({
      groupIds: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 100 }),
    }),
  }),
});
export type GroupRuleBody = Static<typeof GroupRuleInput>;

export const RULE_TYPE = 'group_rule';
export const EXPRESSION_TYPE = 'urn:okta:expression:1.0';

export type GroupRuleWire = ReturnType<typeof ruleToWire>;

/** `names`: of the groups that exist; a map of them is embedded where it was asked for. */
export function ruleToWire(rule: GroupRule, names: ReadonlyMap<string, string>, options: { withNames: boolean }) {
  return {
    type: RULE_TYPE,
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: rule.created.toISOString(),
    lastUpdated: rule.lastUpdated.toISOString(),
    conditions: {
      people: { users: { exclude: rule.excludedUsers }, groups: { exclude: rule.excludedGroups } },
      expression: { value: rule.expression, type: EXPRESSION_TYPE },
    },
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
    allGroupsValid: rule.groupIds.every((id) => names.has(id)),
    ...(options.withNames
      ? {
          _embedded: {
            groupIdToGroupNameMap: Object.fromEntries(
              rule.groupIds.flatMap((id) => (names.has(id) ? [[id, names.get(id)!]] : [])),
            ),
          },
        }
      : {}),
  };
}

/** A rule as the target of a System Log event. */
export function ruleTarget(rule: Pick<GroupRule, 'id' | 'name'>): LogTarget {
  return { id: rule.id, type: 'PolicyRule', alternateId: 'unknown', displayName: rule.name };
}
