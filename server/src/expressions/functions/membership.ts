import { equal } from './arithmetic.ts';
import { patternFrom } from './patterns.ts';
import type { Call, FunctionRow, Group } from './row.ts';
import { textOf } from './text.ts';

/** Questions about a person's groups (contract §14), where the place of the expression knows them. */
type Test = (group: Group, wanted: string, call: Call) => boolean;

/** True where a group of the person passes for any of the arguments; a null among them names no group. */
const anyGroup =
  (holds: Test): FunctionRow['run'] =>
  (args, call) => {
    const groups = call.groups();
    return args.some((arg) => {
      const wanted = textOf(arg, call);
      if (wanted === null) return false;
      call.charge(groups.length * 64);
      return groups.some((group) => holds(group, wanted, call));
    });
  };

const ANY_NUMBER = 100;

const row = (signature: string, max: number, holds: Test): FunctionRow => ({
  signature,
  min: 1,
  max,
  needs: 'groups',
  run: anyGroup(holds),
});

export const MEMBERSHIP_FUNCTIONS: readonly FunctionRow[] = [
  row('isMemberOfGroup(groupId)', 1, (group, id) => group.id === id),
  row('isMemberOfAnyGroup(groupId, …)', ANY_NUMBER, (group, id) => group.id === id),
  row('isMemberOfGroupName(name)', 1, (group, name, call) => equal(group.name, name, call)),
  row('isMemberOfGroupNameStartsWith(beginning)', 1, (group, beginning) => group.name.startsWith(beginning)),
  row('isMemberOfGroupNameContains(part)', 1, (group, part) => group.name.includes(part)),
  {
    signature: 'isMemberOfGroupNameRegex(pattern)',
    min: 1,
    max: 1,
    needs: 'groups',
    run: ([pattern], call) => {
      const source = textOf(pattern, call);
      if (source === null) return false;
      const compiled = patternFrom(source, call);
      return call.groups().some(({ name }) => {
        call.charge(compiled.size * name.length);
        return compiled.matches(name);
      });
    },
  },
];
