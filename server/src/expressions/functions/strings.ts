import type { Call, FunctionRow } from './row.ts';
import { kindOf, textOf, textOrNullWord, wholeNumber } from './text.ts';

/**
 * `String.*`, the bare legacy forms and the methods (contract §14). They share one treatment of null: a transformation of null is
 * null, a test of null is false, its length 0; only joining texts (append, join) writes it as "null" and notes that. Searches are
 * literal and case-sensitive. Positions count UTF-16 units.
 */
type Transformation = (text: string, rest: readonly unknown[], call: Call) => unknown;

/** Lifts a function over a text to one that passes null through. */
const onText =
  (whenNull: unknown, transform: Transformation): FunctionRow['run'] =>
  ([subject, ...rest], call) => {
    const text = textOf(subject, call);
    return text === null ? whenNull : transform(text, rest, call);
  };

const upper = onText(null, (text) => text.toUpperCase());
const lower = onText(null, (text) => text.toLowerCase());

/** The part before the first occurrence; the whole text where it does not occur. */
const before = onText(null, (text, [search], call) => {
  const wanted = textOf(search, call);
  const at = wanted === null ? -1 : text.indexOf(wanted);
  return at === -1 ? text : text.slice(0, at);
});

/** The part after the first occurrence; empty where it does not occur. */
const after = onText(null, (text, [search], call) => {
  const wanted = textOf(search, call);
  const at = wanted === null ? -1 : text.indexOf(wanted);
  return at === -1 ? '' : text.slice(at + wanted!.length);
});

/** From `start` up to, not including, `end`; positions outside the text are moved to its edge. */
const between = onText(null, (text, [start, end], call) => {
  const from = Math.max(0, wholeNumber(start, call));
  const to = end === undefined ? text.length : Math.max(0, wholeNumber(end, call));
  return text.slice(from, Math.max(from, to));
});

/** A test of the text against another one. */
const test = (holds: (text: string, other: string) => boolean): FunctionRow['run'] =>
  onText(false, (text, [other], call) => {
    const wanted = textOf(other, call);
    return wanted !== null && holds(text, wanted);
  });
const starts = test((text, other) => text.startsWith(other));
const ends = test((text, other) => text.endsWith(other));
const includes = test((text, other) => text.includes(other));

const replace = (all: boolean): FunctionRow['run'] =>
  onText(null, (text, [match, replacement], call) => {
    const wanted = textOf(match, call);
    const by = textOf(replacement, call);
    if (wanted === null || wanted === '' || by === null) return text;
    const parts = text.split(wanted);
    if (!all && parts.length > 2) parts.splice(1, parts.length - 1, parts.slice(1).join(wanted));
    call.allowText(text.length + (parts.length - 1) * (by.length - wanted.length));
    return parts.join(by);
  });

function append([text, suffix]: readonly unknown[], call: Call): string {
  const [left, right] = [textOrNullWord(text, call), textOrNullWord(suffix, call)];
  call.allowText(left.length + right.length);
  return left + right;
}

/** Joins its further arguments; a list among them stands for its elements. */
function join([separator, ...items]: readonly unknown[], call: Call): string {
  const between = textOf(separator, call) ?? '';
  let length = 0;
  const texts = items
    .flatMap((item) => (Array.isArray(item) ? call.elements(item) : [item]))
    .map((item) => {
      const text = textOrNullWord(item, call);
      length += text.length + between.length;
      call.charge(1);
      call.allowText(length - between.length);
      return text;
    });
  return texts.join(between);
}

/** The value of the first key, in argument order, that occurs in the text; the default where none does. */
function choose([text, otherwise, ...pairs]: readonly unknown[], call: Call): unknown {
  const subject = textOf(text, call);
  for (let i = 0; subject !== null && i < pairs.length; i += 2) {
    const key = textOf(pairs[i], call);
    if (key !== null && subject.includes(key)) return pairs[i + 1];
  }
  return otherwise;
}

/** Units of a text, elements of a list; 0 for null. */
function size([value]: readonly unknown[], call: Call): number {
  if (value === null) return 0;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return call.fail('type_mismatch', `size() needs text or a list, not ${kindOf(value)}.`);
}

/** Whether a text has the other one in it, or a list the other as an element. */
function contains(args: readonly unknown[], call: Call): unknown {
  const [value, wanted] = args;
  if (!Array.isArray(value)) return includes(args, call);
  return call.elements(value).includes(wanted);
}

function internalProperty(args: readonly unknown[], call: Call): unknown {
  const name = args[1];
  if (name !== 'id' && name !== 'status') call.fail('arguments_wrong', 'getInternalProperty knows "id" and "status".');
  return call.internal(name);
}

const row = (signature: string, min: number, max: number, run: FunctionRow['run']): FunctionRow => ({
  signature,
  min,
  max,
  run,
});

const ANY_NUMBER = 100;

export const STRING_FUNCTIONS: readonly FunctionRow[] = [
  row('String.append(text, suffix)', 2, 2, append),
  row('String.join(separator, text, …)', 1, ANY_NUMBER, join),
  row(
    'String.len(text)',
    1,
    1,
    onText(0, (text) => text.length),
  ),
  row(
    'String.removeSpaces(text)',
    1,
    1,
    onText(null, (text) => text.replace(/\s/g, '')),
  ),
  row('String.replace(text, match, replacement)', 3, 3, replace(true)),
  row('String.replaceFirst(text, match, replacement)', 3, 3, replace(false)),
  row('String.startsWith(text, prefix)', 2, 2, starts),
  row('String.stringContains(text, search)', 2, 2, includes),
  {
    ...row('String.stringSwitch(text, default, key, value, …)', 2, ANY_NUMBER, choose),
    fits: (count) => count % 2 === 0,
  },
  row('String.substring(text, start, end)', 3, 3, between),
  row('String.substringAfter(text, search)', 2, 2, after),
  row('String.substringBefore(text, search)', 2, 2, before),
  row('String.toUpperCase(text)', 1, 1, upper),
  row('String.toLowerCase(text)', 1, 1, lower),
  row('toUpperCase(text)', 1, 1, upper),
  row('toLowerCase(text)', 1, 1, lower),
  row('substringBefore(text, search)', 2, 2, before),
  row('substringAfter(text, search)', 2, 2, after),
  row('substring(text, start, end)', 3, 3, between),
];

export const METHODS: readonly FunctionRow[] = [
  row('toUpperCase()', 0, 0, upper),
  row('toLowerCase()', 0, 0, lower),
  row('substringBefore(search)', 1, 1, before),
  row('substringAfter(search)', 1, 1, after),
  row('substring(start, end)', 1, 2, between),
  row('startsWith(prefix)', 1, 1, starts),
  row('endsWith(suffix)', 1, 1, ends),
  row('contains(value)', 1, 1, contains),
  row(
    'length()',
    0,
    0,
    onText(0, (text) => text.length),
  ),
  row('size()', 0, 0, size),
  row('getInternalProperty(name)', 1, 1, internalProperty),
];
