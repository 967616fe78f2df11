import { describe, expect, test } from 'vitest';
import { FUNCTIONS, METHOD_FUNCTIONS } from './functions/table.ts';
import { type BinaryOperator, evaluate, type Node } from './index.ts';

/** 100,000 programs from printed seeds: quick to make, so that many of them can be tried at every run. */
const SEEDS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];
const PROGRAMS_PER_SEED = 10_000;
const LIMITS = { steps: 2000, depth: 64, characters: 500, elements: 100, resultCharacters: 4000 };

const OPERATORS: BinaryOperator[] = ['||', '&&', '==', '!=', '<', '<=', '>', '>=', 'matches', '+', '-', '*', '/', '%'];
const VALUES = [
  null,
  true,
  false,
  0,
  1,
  -1,
  3,
  1e9,
  0.5,
  '',
  'a',
  'a,b,c',
  'yyyy-MM-dd',
  '2026-01-31',
  'BE',
  '^(a+)+$',
  'x'.repeat(200),
];
const NAMES = ['a', 'email', 'list', '__proto__', 'constructor', 'length'];
const ALL_FUNCTIONS = [...FUNCTIONS.keys(), 'no'];
const ALL_METHODS = [...METHOD_FUNCTIONS.keys(), 'constructor'];
const BINDINGS = {
  user: { a: 'x', email: 'ada@example.com', list: ['a', 'b', ['c', { a: 1 }]], length: 7 },
  now: new Date('2026-11-20T10:00:00Z'),
  groups: [{ id: '00g1', name: 'Sales' }, { id: '00g2', name: 'aaaaaaaaaaaaaaaa!' }, null, 7],
};

/** A generator of whole numbers below a bound: the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function programOf(pick: (below: number) => number, depth: number): Node {
  const at = 0;
  const of = <T>(items: readonly T[]): T => items[pick(items.length)]!;
  const sub = () => programOf(pick, depth - 1);
  const some = () => Array.from({ length: pick(4) }, sub);
  if (depth === 0 || pick(5) === 0) {
    return pick(3) === 0
      ? { kind: 'root', name: of(['user', 'nobody']), at }
      : { kind: 'literal', value: of(VALUES), at };
  }
  switch (pick(12)) {
    case 0:
      return {
        kind: 'member',
        object: pick(2) === 0 ? sub() : { kind: 'root', name: 'user', at },
        name: of(NAMES),
        at,
      };
    case 1:
      return { kind: 'index', object: sub(), index: sub(), at };
    case 2:
      return { kind: 'select', object: sub(), condition: sub(), at };
    case 3:
    case 4:
    case 5:
      return { kind: 'call', name: of(ALL_FUNCTIONS), args: some(), at };
    case 6:
      return { kind: 'method', object: sub(), name: of(ALL_METHODS), args: some(), at };
    case 7:
      return { kind: 'binary', operator: of(OPERATORS), left: sub(), right: sub(), at };
    case 8:
      return pick(2) === 0
        ? // biome-ignore lint/suspicious/noThenProperty: the tree of the language has one.
          { kind: 'conditional', test: sub(), then: sub(), otherwise: sub(), at }
        : { kind: 'elvis', left: sub(), right: sub(), at };
    case 9:
      return { kind: 'project', object: sub(), expression: sub(), at };
    case 10:
      return { kind: 'map', entries: Array.from({ length: pick(4) }, () => ({ key: sub(), value: sub() })), at };
    default:
      return pick(2) === 0
        ? { kind: 'list', items: some(), at }
        : { kind: 'unary', operator: of(['-', '!']), operand: sub(), at };
  }
}

/** The largest text, the number of values and all texts together, of a result. */
function measure(value: unknown, sum = { longest: 0, values: 0, characters: 0 }) {
  sum.values++;
  if (typeof value === 'string') {
    sum.longest = Math.max(sum.longest, value.length);
    sum.characters += value.length;
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) measure(item, sum);
  }
  return sum;
}

describe.each(SEEDS)('programs of seed %i', (seed) => {
  test('each ends with a value within the limits or with an error of the closed set', () => {
    const pick = numbers(seed);
    const ends = new Map<string, number>();
    for (let i = 0; i < PROGRAMS_PER_SEED; i++) {
      const root = programOf(pick, 1 + pick(6));
      const result = evaluate({ source: '', root }, BINDINGS, LIMITS);
      const end = result.ok ? 'value' : result.error.code;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (!result.ok) continue;
      const { longest, values, characters } = measure(result.value.value);
      if (longest > LIMITS.characters || values > LIMITS.elements + 1 || characters > LIMITS.resultCharacters) {
        throw new Error(`Program ${i} of seed ${seed} went past a limit: ${JSON.stringify(root)}`);
      }
    }
    // Many succeed, so that it is the functions that are tried, and none fails in a way that nobody foresaw.
    expect(ends.get('value') ?? 0).toBeGreaterThan(PROGRAMS_PER_SEED / 10);
    expect(ends.has('evaluation_failed')).toBe(false);
  });
});
