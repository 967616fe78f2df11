import { equal } from './arithmetic.ts';
import type { Call, FunctionRow } from './row.ts';
import { kindOf, textOrNullWord, wholeNumber } from './text.ts';

/** A list; null is an empty one, and a text is read as comma-separated values, since some sources know no lists (contract §14). */
function listOf(value: unknown, call: Call): unknown[] {
  if (value === null) return [];
  if (Array.isArray(value)) return call.elements(value);
  if (typeof value !== 'string') return call.fail('type_mismatch', `A list is needed here, not ${kindOf(value)}.`);
  call.charge(value.length);
  const items = value === '' ? [] : value.split(',').map((item) => item.trim());
  return call.elements(items);
}

/** Each argument, with the elements of a list in its place, at any depth. */
function flatten(items: readonly unknown[], call: Call, depth = 0): unknown[] {
  if (depth > MAX_DEPTH) call.fail('too_deep', 'The lists nest too deeply to be flattened.');
  const flat: unknown[] = [];
  for (const item of items) {
    if (Array.isArray(item)) flat.push(...flatten(call.elements(item), call, depth + 1));
    else flat.push(item);
  }
  return call.elements(flat);
}

/** Values between commas; a value that has a comma, a quote or a line end in it stands in quotes (RFC 4180). */
function toCsv(items: readonly unknown[], call: Call): string {
  let length = 0;
  const texts = items.map((item) => {
    const text = textOrNullWord(item, call);
    const written = /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    length += written.length + 1;
    call.allowText(length - 1);
    return written;
  });
  return texts.join(',');
}

const MAX_DEPTH = 32;
const ANY_NUMBER = 100;

type ListFunction = (list: unknown[], rest: readonly unknown[], call: Call) => unknown;

const row = (signature: string, arity: number, work: ListFunction): FunctionRow => ({
  signature,
  min: arity,
  max: arity,
  run: ([list, ...rest], call) => work(listOf(list ?? null, call), rest, call),
});

const has = (list: readonly unknown[], value: unknown, call: Call) => list.some((item) => equal(item, value, call));

export const ARRAY_FUNCTIONS: readonly FunctionRow[] = [
  row('Arrays.add(list, value)', 2, (list, [value], call) => call.elements([...list, value])),
  row('Arrays.remove(list, value)', 2, (list, [value], call) => list.filter((item) => !equal(item, value, call))),
  row('Arrays.clear(list)', 1, () => []),
  // A position outside the list has no value: null, as for an attribute that is absent.
  row('Arrays.get(list, position)', 2, (list, [position], call) => list[wholeNumber(position, call)] ?? null),
  {
    signature: 'Arrays.flatten(value, …)',
    min: 1,
    max: ANY_NUMBER,
    run: (args, call) => flatten(args, call),
  },
  row('Arrays.contains(list, value)', 2, (list, [value], call) => has(list, value, call)),
  row('Arrays.size(list)', 1, (list) => list.length),
  row('Arrays.isEmpty(list)', 1, (list) => list.length === 0),
  row('Arrays.toCsvString(list)', 1, (list, _rest, call) => toCsv(list, call)),
];
