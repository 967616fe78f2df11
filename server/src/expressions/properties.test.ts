import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BinaryOperator, compile, evaluate, type Node, parse } from './index.ts';

const BINDING: Record<BinaryOperator, number> = {
  ...{ '||': 2, '&&': 3 },
  ...{ '==': 5, '!=': 5, '<': 5, '<=': 5, '>': 5, '>=': 5, matches: 5 },
  ...{ '+': 6, '-': 6, '*': 7, '/': 7, '%': 7 },
};

/** How tightly a node binds; a node stands bare where at least that much is asked for. */
function bindingOf(node: Node): number {
  if (node.kind === 'conditional' || node.kind === 'elvis') return 1;
  if (node.kind === 'binary') return BINDING[node.operator];
  if (node.kind === 'unary') return node.operator === '!' ? 4 : 8;
  return 9;
}

/** Writes a tree with the fewest parentheses that the grammar allows. */
function print(node: Node, needed = 0): string {
  const text = printBare(node);
  return bindingOf(node) < needed ? `(${text})` : text;
}

function printBare(node: Node): string {
  const list = (nodes: Node[]) => nodes.map((item) => print(item)).join(', ');
  switch (node.kind) {
    case 'literal':
      if (typeof node.value === 'string') return `'${node.value.replaceAll("'", "''")}'`;
      return node.decimal && Number.isInteger(node.value) ? `${node.value}.0` : String(node.value);
    case 'root':
      return node.name;
    case 'member':
      return `${print(node.object, 9)}.${node.name}`;
    case 'index':
      return `${print(node.object, 9)}[${print(node.index)}]`;
    case 'select':
      return `${print(node.object, 9)}.?[${print(node.condition)}]`;
    case 'call':
      return `${node.name}(${list(node.args)})`;
    case 'method':
      return `${print(node.object, 9)}.${node.name}(${list(node.args)})`;
    case 'unary':
      return `${node.operator}${print(node.operand, node.operator === '!' ? 4 : 8)}`;
    case 'binary': {
      const level = BINDING[node.operator];
      return `${print(node.left, level === 5 ? 6 : level)} ${node.operator} ${print(node.right, level + 1)}`;
    }
    case 'conditional':
      return `${print(node.test, 2)} ? ${print(node.then)} : ${print(node.otherwise)}`;
    case 'elvis':
      return `${print(node.left, 2)} ?: ${print(node.right)}`;
    case 'project':
      return `${print(node.object, 9)}.![${print(node.expression)}]`;
    case 'list':
      return `{${list(node.items)}}`;
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${print(key)}: ${print(value)}`).join(', ')}}`;
  }
}

const at = 0;
const name = fc.constantFrom('a', 'b', 'email', '__proto__', 'constructor', 'or', 'eq', 'length', 'x_1', '$y');
const root = fc
  .constantFrom('idpuser', 'appuser', 'user', 'nobody')
  .map((text): Node => ({ kind: 'root', name: text, at }));
const literal: fc.Arbitrary<Node> = fc.oneof(
  fc.constantFrom(null, true, false).map((value): Node => ({ kind: 'literal', value, at })),
  fc.string({ maxLength: 12 }).map((value): Node => ({ kind: 'literal', value, at })),
  fc.nat().map((value): Node => ({ kind: 'literal', value, at })),
  fc.nat(9999).map((value): Node => ({ kind: 'literal', value: value / 4, decimal: true, at })),
);
const FUNCTIONS = [
  ...['String.append', 'String.join', 'String.len', 'String.removeSpaces', 'String.replace', 'String.replaceFirst'],
  ...['String.startsWith', 'String.stringContains', 'String.stringSwitch', 'String.substring', 'String.substringAfter'],
  ...['substringBefore', 'toUpperCase', 'Convert.toInt', 'Convert.toNum', 'no', 'String.no'],
  ...['Arrays.add', 'Arrays.flatten', 'Arrays.get', 'Arrays.contains', 'Arrays.toCsvString', 'Iso3166Convert.toName'],
  ...['Time.now', 'Time.fromUnixToIso8601', 'Time.fromStringToIso8601', 'isMemberOfGroupNameRegex'],
];
const METHODS = ['substringAfter', 'substring', 'contains', 'length', 'size', 'toLowerCase', 'constructor', 'call'];

const { tree } = fc.letrec<{ tree: Node }>((tie) => {
  const args = fc.array(tie('tree'), { maxLength: 4 });
  const pair = fc.tuple(tie('tree'), tie('tree'));
  return {
    tree: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.oneof(root, literal),
      fc.tuple(tie('tree'), name).map(([object, text]): Node => ({ kind: 'member', object, name: text, at })),
      pair.map(([object, index]): Node => ({ kind: 'index', object, index, at })),
      pair.map(([object, condition]): Node => ({ kind: 'select', object, condition, at })),
      fc
        .tuple(fc.constantFrom(...FUNCTIONS), args)
        .map(([text, list]): Node => ({ kind: 'call', name: text, args: list, at })),
      fc
        .tuple(tie('tree'), fc.constantFrom(...METHODS), args)
        .map(([object, text, list]): Node => ({ kind: 'method', object, name: text, args: list, at })),
      fc
        .tuple(fc.constantFrom<'-' | '!'>('-', '!'), tie('tree'))
        .map(([operator, operand]): Node => ({ kind: 'unary', operator, operand, at })),
      fc
        .tuple(fc.constantFrom(...(Object.keys(BINDING) as BinaryOperator[])), pair)
        .map(([operator, [left, right]]): Node => ({ kind: 'binary', operator, left, right, at })),
      fc
        .tuple(tie('tree'), tie('tree'), tie('tree'))
        .map(([condition, then, otherwise]): Node => ({ kind: 'conditional', test: condition, then, otherwise, at })),
      pair.map(([left, right]): Node => ({ kind: 'elvis', left, right, at })),
      args.map((items): Node => ({ kind: 'list', items, at })),
      pair.map(([object, expression]): Node => ({ kind: 'project', object, expression, at })),
      fc
        .array(pair, { minLength: 1, maxLength: 3 })
        .map((pairs): Node => ({ kind: 'map', entries: pairs.map(([key, value]) => ({ key, value })), at })),
    ),
  };
});

const withoutPositions = (node: Node): unknown =>
  JSON.parse(JSON.stringify(node, (key, value) => (key === 'at' ? undefined : value)));

const bindings = fc.record({
  idpuser: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.anything()),
  user: fc.record({ a: fc.array(fc.record({ b: fc.string() })), b: fc.string(), email: fc.constant('a@b.example') }),
});

describe('for every tree', () => {
  test('what was printed is read as the same tree', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const source = print(node);
        fc.pre(source.length <= 4096);
        const parsed = parse(source);
        if (!parsed.ok) return parsed.error.code === 'too_deep';
        expect(withoutPositions(parsed.value.root)).toEqual(withoutPositions(node));
        return true;
      }),
      { numRuns: 1500 },
    );
  });

  test('an evaluation answers with a value within the limits or an error, and alters no binding', () => {
    fc.assert(
      fc.property(tree, bindings, (node, values) => {
        const before = JSON.stringify(values.user);
        const result = evaluate({ source: '', root: node }, values);
        expect(JSON.stringify(values.user)).toBe(before);
        if (!result.ok) return;
        const { value } = result.value;
        if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(10_000);
        if (Array.isArray(value)) expect(value.length).toBeLessThanOrEqual(2000);
        if (typeof value === 'number') expect(Math.abs(value)).toBeLessThanOrEqual(Number.MAX_VALUE);
        expect(typeof value).not.toBe('function');
        expect(typeof value).not.toBe('undefined');
      }),
      { numRuns: 3000 },
    );
  });

  test('a lower step limit gives the same answer or stops', () => {
    fc.assert(
      fc.property(tree, bindings, fc.integer({ min: 1, max: 40 }), (node, values, steps) => {
        const limited = evaluate({ source: '', root: node }, values, { steps });
        if (!limited.ok && limited.error.code === 'limit_steps') return;
        expect(limited).toEqual(evaluate({ source: '', root: node }, values));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('for every text', () => {
  test('reading and compiling answer with a program or an error that points into the text', () => {
    const fragments = fc
      .array(
        fc.constantFrom(
          'appuser',
          '.',
          '.?[',
          '[',
          ']',
          '(',
          ')',
          "'",
          '"',
          '?',
          ':',
          '?:',
          '1',
          '0.5',
          ' ',
          'or',
          '{',
          '}',
          ',',
          '${',
          'String.len',
          'matches',
          '\n',
          '!',
          '-',
          '😀',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fragments), (source) => {
        const compiled = compile(source, 'idpUsername');
        const parsed = parse(source);
        for (const error of [...(compiled.ok ? [] : compiled.error), ...(parsed.ok ? [] : [parsed.error])]) {
          expect(error.at.offset).toBeGreaterThanOrEqual(0);
          expect(error.at.offset).toBeLessThanOrEqual(source.length);
          expect(error.at.line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
