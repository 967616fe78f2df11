/** A rule as a body describes it: trimmed, checked, its expression compiled. */
import { compileToSave, type ExpressionError } from '../../expressions/index.ts';
import { apiErrors } from '../../http/index.ts';
import type { GroupRulesDeps } from './ports.ts';
import { EXPRESSION_TYPE, type GroupRule, type GroupRuleBody, RULE_TYPE } from './schema.ts';

export type RuleContent = Pick<GroupRule, 'name' | 'expression' | 'excludedUsers' | 'excludedGroups' | 'groupIds'>;

/**
 * `present`: the rule as it is, whose exceptions may name people and groups that are gone. Throws E0000001 with a sentence for every
 * mistake; those of the expression say line, column and what to do.
 */
export async function readRule(
  deps: GroupRulesDeps,
  orgId: string,
  body: GroupRuleBody,
  present: GroupRule | null,
): Promise<RuleContent> {
  if (body.type != null && body.type !== RULE_TYPE)
    throw apiErrors.validation('type', `type: expected "${RULE_TYPE}", found "${body.type.slice(0, 100)}"`);
  const name = body.name.trim();
  if (name === '') throw apiErrors.validation('name', 'name: The field cannot be left blank');
  const expression = readExpression(body.conditions.expression);
  const excludedUsers = unique(body.conditions.people?.users?.exclude);
  const excludedGroups = unique(body.conditions.people?.groups?.exclude);
  const groupIds = unique(body.actions.assignUserToGroups.groupIds);
  await refuseUnknown(deps, orgId, { excludedUsers, excludedGroups, groupIds }, present);
  return { name, expression, excludedUsers, excludedGroups, groupIds };
}

function readExpression({ value, type }: GroupRuleBody['conditions']['expression']): string {
  if (type != null && type !== EXPRESSION_TYPE)
    throw apiErrors.validation('expression', `conditions.expression.type: expected "${EXPRESSION_TYPE}"`);
  const compiled = compileToSave(value, 'groupRule');
  if (compiled.ok) return value;
  throw apiErrors.validation(
    'expression',
    ...compiled.error.map((error) => `conditions.expression.value: ${sentenceOf(error)}`),
  );
}

/** "There is no function String.foo. (line 1, column 5) Did you mean String.join?" */
const sentenceOf = ({ message, at, hint }: ExpressionError) =>
  `${message} (line ${at.line}, column ${at.column})${hint === undefined ? '' : ` ${hint}`}`;

const unique = (ids: readonly string[] | null | undefined) => [...new Set(ids ?? [])];

async function refuseUnknown(
  { database, groups, people }: GroupRulesDeps,
  orgId: string,
  { excludedUsers, excludedGroups, groupIds }: Pick<RuleContent, 'excludedUsers' | 'excludedGroups' | 'groupIds'>,
  present: GroupRule | null,
): Promise<void> {
  const known = await groups.gifts.targets(database, orgId, groupIds);
  const wrong = groupIds.filter((id) => !known.has(id));
  if (wrong.length > 0) {
    const causes = wrong.map(
      (id) =>
        `actions.assignUserToGroups.groupIds: "${id.slice(0, 100)}" is not a group whose members a rule can choose: name one of type OKTA_GROUP`,
    );
    throw apiErrors.validation('groupIds', ...causes);
  }
  const newUsers = excludedUsers.filter((id) => !present?.excludedUsers.includes(id));
  const found = new Set((await people.byIds(database, orgId, newUsers)).map((person) => person.id));
  const newGroups = excludedGroups.filter((id) => !present?.excludedGroups.includes(id));
  const causes = [
    ...newUsers
      .filter((id) => !found.has(id))
      .map((id) => `conditions.people.users.exclude: the user "${id.slice(0, 100)}" does not exist`),
    ...(await groups.unknown(orgId, newGroups)).map(
      (id) => `conditions.people.groups.exclude: the group "${id.slice(0, 100)}" does not exist`,
    ),
  ];
  if (causes.length > 0) throw apiErrors.validation('people', ...causes);
}
