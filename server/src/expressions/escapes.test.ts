// biome-ignore-all lint/suspicious/noTemplateCurlyInString: user name templates are written so.
import { describe, expect, test } from 'vitest';
import { compile, evaluate, parse, SCOPES, type Scope, type Value } from './index.ts';

const NAMES = [
  ...['__proto__', 'constructor', 'prototype', '__defineGetter__', '__lookupGetter__', 'hasOwnProperty', 'toString'],
  ...['valueOf', 'caller', 'callee', 'arguments', 'apply', 'call', 'bind', 'isPrototypeOf', 'toLocaleString'],
];
const GLOBALS = [
  ...[
    'process',
    'globalThis',
    'global',
    'require',
    'module',
    'import',
    'eval',
    'Function',
    'Object',
    'Reflect',
    'Proxy',
  ],
  ...['this', 'window', 'self', 'Buffer', 'fetch', 'console', 'setTimeout', 'WebAssembly', 'Symbol', 'exports', 'T'],
];
const VALUES = ['idpuser', 'idpuser.email', '"text"', '1', 'true', '{1}', 'null'];

const walks = VALUES.flatMap((value) => NAMES.flatMap((name) => [`${value}.${name}`, `${value}['${name}']`]));
const calls = NAMES.flatMap((name) => [
  `idpuser.${name}()`,
  `idpuser.${name}('return process')()`,
  `"".constructor.constructor('${name}')`,
  `idpuser['${name}']['constructor']('return this')`,
  `{}.${name}.${name}`,
]);
const globals = GLOBALS.flatMap((name) => [
  name,
  `${name}.exit`,
  `${name}('x')`,
  `${name}.constructor`,
  `new ${name}()`,
  `${name}.constructor('return process')`,
]);
const foreign = [
  ...['T(java.lang.Runtime).getRuntime().exec("id")', '#this', '#root', '@bean', 'new java.lang.String("x")'],
  ...[
    "''.getClass().forName('java.lang.Runtime')",
    'idpuser.class.classLoader',
    'idpuser.?[#this]',
    'idpuser.![email]',
  ],
  ...['idpuser.email = "x"', 'idpuser.email++', 'a=>a', '(function(){})()', '`${process}`', 'idpuser?.email', '{a:1}'],
  ...[
    '[1,2,3]',
    'async () => 1',
    'yield 1',
    'throw 1',
    'delete idpuser.email',
    'typeof idpuser',
    'void 0',
    '/a/.test(b)',
  ],
  ...['"\\u0063onstructor"', 'idpuser["\\x63onstructor"]', 'idpuser["con" + "structor"]', 'idpuser["__pro" + "to__"]'],
  ...[
    'idpuser[{"constructor"}]',
    'idpuser[{"__proto__"}[0]]',
    '{{1}[0], idpuser}[1].constructor',
    'idpuser.list.length',
  ],
  ...['{idpuser}.?[constructor].size()', '{idpuser}.?[__proto__ == null].size()', 'String.constructor("x")'],
  ...[
    'String.prototype',
    'String.__proto__.x()',
    'Convert.constructor.x()',
    'String.call()',
    'constructor()',
    '__proto__()',
  ],
];
const heavy = [
  ...['(', '!', '-', '{', '[', 'idpuser[', 'String.len(', 'idpuser.?['].map((open) => open.repeat(300)),
  `1${'+1'.repeat(2000)}`,
  `idpuser${'.a'.repeat(2000)}`,
  `idpuser${'[0]'.repeat(1200)}`,
  `'${'a'.repeat(5000)}'`,
  'String.replace(idpuser.long, "a", idpuser.long)',
  'String.replace(String.replace(idpuser.long, "a", idpuser.long), "a", idpuser.long)',
  'String.join(idpuser.long, idpuser.many)',
  `String.join(",", ${Array(99).fill('idpuser.long').join(',')})`,
  `String.append(${'String.append(idpuser.long, '.repeat(20)}"x"${')'.repeat(21)}`,
  `idpuser.many.?[${'idpuser.many.?['.repeat(3)}true${']'.repeat(4)}`,
  '{idpuser.many, idpuser.many}',
  'idpuser.huge',
  'idpuser.loop',
  'idpuser.loop == idpuser.loop2',
  'idpuser.huge.contains("x")',
  'String.toUpperCase(idpuser.sharp)',
  `9007199254740991${' * 9007199254740991'.repeat(50)}`,
  `idpuser.email matches "${'(a+)+'.repeat(80)}"`,
  'idpuser.email matches "((a{1000}){1000}){1000}"',
  'idpuser.email matches "a{1,1000}b{1,1000}"',
];
const ATTACKS = [...new Set([...walks, ...calls, ...globals, ...foreign, ...heavy])];

function hostileProfile(): Record<string, unknown> {
  const loop: unknown[] = [];
  loop.push(loop);
  const loop2: unknown[] = [];
  loop2.push(loop2);
  const long = 'a'.repeat(8000);
  const many = Array.from({ length: 2000 }, () => ({ a: long }));
  const own = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"name": "x"}, "prototype": 1}');
  const many2 = structuredClone(many);
  const profile = { email: 'a@b.example', list: [1], long, many, many2, loop, loop2, huge: Array(1e6).fill(0) };
  return Object.assign(Object.create({ inherited: 'secret' }), profile, { own, sharp: 'ß'.repeat(8000) });
}

const PROFILE = hostileProfile();
const BINDINGS = Object.fromEntries(
  ['idpuser', 'user', 'appuser', 'app', 'org', 'session', 'login', 'event', 'internal'].map((name) => [name, PROFILE]),
);

function isHarmless(value: Value): boolean {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isHarmless);
  return Object.getPrototypeOf(value) === null && Object.values(value).every(isHarmless);
}

describe('expressions that try to get out', () => {
  test('there are at least two hundred of them', () => expect(ATTACKS.length).toBeGreaterThanOrEqual(200));

  test.each(Object.keys(SCOPES) as Scope[])('each is an error or a harmless value in %s', (scope) => {
    const before = [Object.keys(Object.prototype), Reflect.ownKeys(globalThis).length, process.listenerCount('exit')];
    for (const source of ATTACKS) {
      const compiled = compile(source, scope);
      const result = compiled.ok ? compiled.value.evaluate(BINDINGS) : null;
      expect([source, !result?.ok || isHarmless(result.value.value)]).toEqual([source, true]);
    }
    expect([Object.keys(Object.prototype), Reflect.ownKeys(globalThis).length, process.listenerCount('exit')]).toEqual(
      before,
    );
  });

  test('each is an error or a harmless value without the check as well', () => {
    for (const source of ATTACKS) {
      const parsed = parse(source);
      const result = parsed.ok ? evaluate(parsed.value, BINDINGS) : null;
      expect([source, !result?.ok || isHarmless(result.value.value)]).toEqual([source, true]);
    }
  });

  test.each(walks.filter((walk) => walk.startsWith('idpuser') || walk.startsWith('"text"')))(
    '%s is null or no attribute',
    (walk) => {
      const parsed = parse(walk);
      const result = parsed.ok ? evaluate(parsed.value, BINDINGS) : null;
      expect(result?.ok ? result.value.value : null).toBeNull();
    },
  );

  test.each(['idpuser.own.constructor', 'idpuser.own["__proto__"]', 'idpuser.own.prototype', 'idpuser.inherited'])(
    '%s is null though it exists, and its twin is readable',
    (source) => {
      const of = (text: string) => {
        const parsed = parse(text);
        return parsed.ok ? evaluate(parsed.value, BINDINGS) : null;
      };
      expect(of(source)).toMatchObject({ ok: true, value: { value: null } });
      expect(of('idpuser.email')).toMatchObject({ ok: true, value: { value: 'a@b.example' } });
    },
  );

  test('a record with unsafe names comes out without them', () => {
    const parsed = parse('idpuser.own');
    const result = parsed.ok ? evaluate(parsed.value, BINDINGS) : null;
    expect(result?.ok && Reflect.ownKeys(result.value.value as object)).toEqual([]);
  });

  test('a getter does not run, and a binding that throws is an error value', () => {
    const trap = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('secret');
        },
      },
    );
    let ran = false;
    const getter = {
      get email() {
        ran = true;
        return 'x';
      },
    };
    const parsed = parse('idpuser.email');
    const run = (idpuser: unknown) => (parsed.ok ? evaluate(parsed.value, { idpuser }) : null);
    expect(run(getter)).toMatchObject({ ok: true, value: { value: null } });
    expect(ran).toBe(false);
    expect(run(trap)).toMatchObject({ ok: false, error: { code: 'evaluation_failed' } });
    expect(JSON.stringify(run(trap))).not.toContain('secret');
  });
});

describe('limits', () => {
  const outcome = (source: string, limits = {}) => {
    const parsed = parse(source);
    if (!parsed.ok) return parsed.error.code;
    const result = evaluate(parsed.value, BINDINGS, limits);
    return result.ok ? 'fine' : result.error.code;
  };

  test.each([
    ['String.replace(idpuser.long, "a", "bb")', 'limit_output'],
    ['String.replace(idpuser.long, "a", "b")', 'fine'],
    ['idpuser.long + idpuser.long', 'limit_output'],
    ['idpuser.long + "b"', 'fine'],
    ['String.join("", idpuser.long, idpuser.long)', 'limit_output'],
    ['String.toUpperCase(idpuser.sharp)', 'limit_output'],
    ['idpuser.huge', 'limit_output'],
    ['idpuser.huge.contains(1)', 'limit_output'],
    ['idpuser.huge.?[true]', 'limit_output'],
    ['idpuser.many', 'limit_output'],
    ['idpuser.loop', 'too_deep'],
    ['idpuser.loop == idpuser.loop2', 'too_deep'],
    ['idpuser.many == idpuser.many2', 'limit_steps'],
    [Array(90).fill('String.len(idpuser.long)').join('+'), 'limit_steps'],
    [Array(9).fill('String.len(idpuser.long)').join('+'), 'fine'],
    ['idpuser.many.?[a == a && a == a && a == a].size()', 'limit_steps'],
    ['idpuser.many.?[true].size()', 'fine'],
  ])('%s → %s', (source, expected) => expect(outcome(source)).toBe(expected));

  test('a caller may lower them', () => {
    expect(outcome('1 + 1 + 1', { steps: 4 })).toBe('limit_steps');
    expect(outcome('1 + 1 + 1', { steps: 5 })).toBe('fine');
    expect(outcome('"abc"', { characters: 2 })).toBe('limit_output');
    expect(outcome('{1, 2, 3}', { elements: 2 })).toBe('limit_output');
    expect(outcome('((1 + 1) + 1) + 1', { depth: 3 })).toBe('too_deep');
  });

  test('half a surrogate pair is replaced in a result', () => {
    const parsed = parse('"😀".substring(0, 1)');
    const result = parsed.ok ? evaluate(parsed.value, {}) : null;
    expect(result).toMatchObject({ ok: true, value: { value: '\ufffd' } });
  });
});

describe('regular expressions', () => {
  const EVIL = [
    ...[
      '^(a+)+$',
      '(a|a)*',
      '(a|aa)+',
      '(.*a){20}',
      '([a-zA-Z]+)*',
      '(a*)*b',
      '(x+x+)+y',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
    ],
    ...[
      '(.*)*(.*)*(.*)*x',
      '(?:a?){30}a{30}',
      '(\\w+\\s?)*$',
      '((a+)+)+',
      '(a+){10}c',
      '(.|\\n)*?z',
      '^(a?){25}a{25}$',
    ],
    ...['([^@]+)+@', '(\\d+)*x', '(.+)+!', '(?i:(a+)+)$', '(a{0,10}){0,10}'],
  ];
  const FORBIDDEN = [
    ...[
      '(?=a)b',
      '(?!a)b',
      '(?<=a)b',
      '(?<!a)b',
      '(a)\\1',
      '(?P>x)',
      '(?R)',
      'a{1001}',
      '((a{100}){100}){100}',
      'a++',
      '(?>a)',
    ],
    ...['(', '[', '*', 'x'.repeat(257), '[\\p{L}]{999}[\\p{N}]{999}'],
  ];

  test.each(EVIL)('%s is refused or paid for by size', (pattern) => {
    const parsed = parse(`idpuser.long matches '${pattern}'`);
    const result = parsed.ok ? evaluate(parsed.value, BINDINGS) : null;
    expect(['fine', 'limit_steps', 'pattern_invalid']).toContain(result?.ok ? 'fine' : result?.error.code);
    const short = parse(`'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' matches '${pattern}'`);
    expect(short.ok && evaluate(short.value, {}, { steps: 60 })).toMatchObject({ ok: true });
  });

  test.each(FORBIDDEN)('%s cannot be saved', (pattern) => {
    const compiled = compile(`idpuser.email matches '${pattern}'`, 'idpUsername');
    expect(compiled).toMatchObject({ ok: false, error: [{ code: 'pattern_invalid' }] });
  });

  test.each(['[a-z]+@b[.]example', '(?i)A@B.*', '.+', '\\S+@\\S+'])(
    '%s is an ordinary pattern that matches',
    (pattern) => {
      const compiled = compile(`idpuser.email matches '${pattern}'`, 'idpUsername');
      expect(compiled.ok && compiled.value.evaluate(BINDINGS)).toMatchObject({ ok: true, value: { value: true } });
    },
  );

  test('the cost grows with the length of the text and the size of the pattern', () => {
    const steps = (text: string, pattern: string) => {
      const parsed = parse(`'${text}' matches '${pattern}'`);
      for (let limit = 1; limit <= 10_000; limit++) {
        if (parsed.ok && evaluate(parsed.value, {}, { steps: limit }).ok) return limit;
      }
      return Number.POSITIVE_INFINITY;
    };
    expect(steps('a'.repeat(2000), '(a+)+b')).toBeLessThan(100);
    expect(steps('a'.repeat(2000), '[ab]{100}')).toBeLessThan(steps('a'.repeat(2000), '[ab]{200}'));
  });

  test('at most ten patterns fit into one expression', () => {
    const many = (count: number) => compile(Array(count).fill("idpuser.a matches 'x'").join(' || '), 'idpUsername').ok;
    expect([many(10), many(11)]).toEqual([true, false]);
  });
});
