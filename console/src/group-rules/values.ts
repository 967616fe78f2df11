/** The form of a group rule to and from the wire. What has no field here stays as it is. */
import type { GroupRule, GroupRuleInput } from '../contract.ts';
import type { FieldWords } from '../interface/form/changes.ts';
import { check, missing } from '../interface/form/checks.ts';
import { labels } from '../labels.ts';
import { texts } from './texts.ts';

export type RuleValues = {
  name: string;
  expression: string;
  groupIds: string[];
  excludedUsers: string[];
};

export const EMPTY: RuleValues = { name: '', expression: '', groupIds: [], excludedUsers: [] };

export const WORDS: FieldWords<RuleValues> = {
  labels: {
    name: labels.name,
    expression: texts.condition,
    groupIds: texts.groups,
    excludedUsers: texts.except,
  },
};

export function validate(values: RuleValues) {
  return check(
    ['name', missing(values.name, labels.name)],
    ['expression', missing(values.expression, texts.condition)],
    ['groupIds', values.groupIds.length === 0 ? texts.chooseGroup : null],
  );
}

export function fromWire({ name, conditions, actions }: GroupRule): RuleValues {
  return {
    name,
    expression: conditions.expression.value,
    groupIds: actions.assignUserToGroups.groupIds,
    excludedUsers: conditions.people.users.exclude,
  };
}

export function toWire(values: RuleValues, existing?: GroupRule): GroupRuleInput {
  return {
    type: 'group_rule',
    name: values.name.trim(),
    conditions: {
      expression: { value: values.expression, type: 'urn:okta:expression:1.0' },
      people: {
        users: { exclude: values.excludedUsers },
        groups: { exclude: existing?.conditions.people.groups.exclude ?? [] },
      },
    },
    actions: { assignUserToGroups: { groupIds: values.groupIds } },
  };
}
