/**
 * Lists of a person's groups, for claims (contract §14): by name among those created here or brought by applications, by an allowlist of
 * ids, or by criteria. At most 100 come out, in the order of the binding.
 */
import type { Call, FunctionRow, Group } from './row.ts';
import { kindOf, textOf, wholeNumber } from './text.ts';

const MOST = 100;
const HERE = 'OKTA';

/** How many groups may come out: 1 to 100. */
function limitOf(value: unknown, call: Call): number {
  const limit = wholeNumber(value, call);
  if (limit >= 1 && limit <= MOST) return limit;
  return call.fail('number_out_of_range', `At most ${MOST} groups can be listed, and at least 1.`);
}

/** `app` "OKTA" means groups that were created here; those that applications brought are not told apart by application. */
function byName(signature: string, holds: (name: string, part: string) => boolean): FunctionRow {
  return {
    signature,
    min: 3,
    max: 3,
    needs: 'groupLists',
    run([app, part, most], call) {
      const limit = limitOf(most, call);
      const [source, wanted] = [textOf(app ?? null, call), textOf(part ?? null, call)];
      if (source === null || wanted === null) return null;
      const groups = call.groups().filter((group) => (source === HERE) === (group.type !== 'APP_GROUP'));
      return names(groups, (group) => holds(group.name, wanted), limit, call);
    },
  };
}

function names(groups: readonly Group[], wanted: (group: Group) => boolean, limit: number, call: Call): string[] {
  call.charge(groups.length * 64);
  return groups
    .filter(wanted)
    .slice(0, limit)
    .map((group) => group.name);
}

const VALUES: Readonly<Record<string, (group: Group) => string>> = {
  'group.name': (group) => group.name,
  'group.id': (group) => group.id,
};

export const GROUP_LIST_FUNCTIONS: readonly FunctionRow[] = [
  byName('Groups.startsWith(app, beginning, limit)', (name, part) => name.startsWith(part)),
  byName('Groups.contains(app, part, limit)', (name, part) => name.includes(part)),
  byName('Groups.endsWith(app, ending, limit)', (name, part) => name.endsWith(part)),
  {
    signature: 'getFilteredGroups(groupIds, "group.name", limit)',
    min: 3,
    max: 3,
    needs: 'groupLists',
    run([ids, value, most], call) {
      const limit = limitOf(most, call);
      if (!Array.isArray(ids)) return call.fail('type_mismatch', 'The ids of groups are a list: {"00g…", "00g…"}.');
      const wanted = new Set(call.elements(ids));
      const read = Object.hasOwn(VALUES, String(value)) ? VALUES[String(value)] : undefined;
      if (read === undefined) return call.fail('type_mismatch', 'Of a group there is "group.name" or "group.id".');
      const groups = call.groups().filter((group) => wanted.has(group.id));
      return groups.slice(0, limit).map(read);
    },
  },
];

type Criterion = (group: Group) => boolean;

/** One map of criteria, all of which must hold; several values of one are alternatives. */
function criterionOf(map: unknown, call: Call): Criterion {
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    return call.fail(
      'type_mismatch',
      `Groups are asked for by a map such as {'group.type': {'OKTA_GROUP'}}, not ${kindOf(map)}.`,
    );
  const operator = textOf(call.attribute(map, 'operator'), call) ?? 'EXACT';
  const tests = Object.keys(map).flatMap((key): Criterion[] => {
    if (key === 'operator') return [];
    const values = valuesOf(call.attribute(map, key), call);
    if (key === 'group.id') return [(group) => values.includes(group.id)];
    if (key === 'group.type') return [(group) => values.includes(group.type)];
    if (key === 'group.profile.name') return [nameTest(operator, values, call)];
    return call.fail(
      'type_mismatch',
      `There is no criterion ${key.slice(0, 64)}: groups are found by group.id, group.type and group.profile.name.`,
    );
  });
  return (group) => tests.every((test) => test(group));
}

function valuesOf(value: unknown, call: Call): string[] {
  const items = Array.isArray(value) ? call.elements(value) : [value];
  return items.flatMap((item) => textOf(item, call) ?? []);
}

function nameTest(operator: string, values: readonly string[], call: Call): Criterion {
  if (operator === 'EXACT') return (group) => values.includes(group.name);
  if (operator === 'STARTS_WITH') return (group) => values.some((value) => group.name.startsWith(value));
  return call.fail('type_mismatch', 'The operator of group.profile.name is EXACT or STARTS_WITH.');
}

function found(criteria: readonly unknown[], call: Call): Group[] {
  const tests = criteria.map((map) => criterionOf(map, call));
  const groups = call.groups();
  call.charge(groups.length * tests.length * 64);
  return groups.filter((group) => tests.every((test) => test(group)));
}

/** Behind `user`: the first argument is the user, whose groups are the binding. */
export const GROUP_LIST_METHODS: readonly FunctionRow[] = [
  {
    signature: 'getGroups({criterion: value}, …)',
    min: 1,
    max: 10,
    needs: 'groupLists',
    run: ([, ...criteria], call) =>
      found(criteria, call)
        .slice(0, MOST)
        .map(({ id, name, type }) => ({ id, name, type, profile: { name } })),
  },
  {
    signature: 'isMemberOf({criterion: value}, …)',
    min: 1,
    max: 10,
    needs: 'groupLists',
    run: ([, ...criteria], call) => found(criteria, call).length > 0,
  },
];
