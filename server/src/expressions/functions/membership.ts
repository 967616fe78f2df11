import { patternFrom } from './patterns.ts';
import type { FunctionRow, Group } from './row.ts';
import { textOf } from './text.ts';

/** Questions about a person's groups (contract §14), where the place of the expression knows them. */
type Test = (group: Group, wanted: string) => boolean;

/** True where a group of the person passes for any of the arguments; a null among them names no group. */
const anyGroup =
  (holds: Test): FunctionRow['run'] =>
  (args, call) => {
    const groups = call.groups();
    return args.some((arg) => {
      const wanted = textOf(arg, call);
      if (wanted === null) return false;
      call.charge(groups.length * 64);
      return groups.some((group) => holds(group, wanted));
    });
  };

/** True where a group of the person is one of the arguments: the groups are looked through once, however many are asked about. */
const anyOf =
  (read: (group: Group) => string): FunctionRow['run'] =>
  (args, call) => {
    const groups = call.groups();
    call.charge(groups.length * 64);
    const own = new Set(groups.map(read));
    return args.some((arg) => {
      call.charge(1);
      const wanted = textOf(arg, call);
      return wanted !== null && own.has(wanted);
    });
  };

const ANY_NUMBER = 100;

const row = (signature: string, max: number, run: FunctionRow['run']): FunctionRow => ({
  signature,
  min: 1,
  max,
  needs: 'groups',
  run,
});

const idOf = ({ id }: Group) => id;

export const MEMBERSHIP_FUNCTIONS: readonly FunctionRow[] = [
  row('isMemberOfGroup(groupId)', 1, anyOf(idOf)),
  row('isMemberOfAnyGroup(groupId, …)', ANY_NUMBER, anyOf(idOf)),
  row(
    'isMemberOfGroupName(name)',
    1,
    anyOf(({ name }) => name),
  ),
  row(
    'isMemberOfGroupNameStartsWith(beginning)',
    1,
    anyGroup((group, beginning) => group.name.startsWith(beginning)),
  ),
  row(
    'isMemberOfGroupNameContains(part)',
    1,
    anyGroup((group, part) => group.name.includes(part)),
  ),
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
