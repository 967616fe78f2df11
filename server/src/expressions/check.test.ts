// biome-ignore-all lint/suspicious/noTemplateCurlyInString: user name templates are written so.
import { describe, expect, test } from 'vitest';
import { check, compile, compileToSave, parse, references, type Scope } from './index.ts';

function failure(source: string, scope: Scope = 'idpToUser') {
  const compiled = compile(source, scope);
  return compiled.ok ? null : compiled.error[0]!;
}

describe('what fails for everybody is found when it is saved', () => {
  const refusal = (source: string, scope: Scope = 'idpToUser') => {
    const compiled = compileToSave(source, scope);
    return compiled.ok ? null : compiled.error[0]!;
  };

  test.each<[string, Scope, string, number]>([
    ['isMemberOfGroupNameRegex("(")', 'groupRule', 'pattern_invalid', 0],
    ['user.a == "x" || 1 / 0 == 1', 'groupRule', 'division_by_zero', 19],
    ['user.a == "x" ? Convert.toInt("x") == 1 : false', 'groupRule', 'conversion_failed', 16],
    ['"a" < 1', 'groupRule', 'type_mismatch', 4],
    ['"abc"', 'groupRule', 'type_mismatch', 0],
    ['null', 'groupRule', 'type_mismatch', 0],
    ['user', 'groupRule', 'type_mismatch', 0],
    ['{user.a, true}', 'groupRule', 'type_mismatch', 0],
    ['user.a + "b"', 'groupRule', 'type_mismatch', 7],
    ['user.a == 1 ? "yes" : "no"', 'groupRule', 'type_mismatch', 7],
    ['Time.now("UTC", "qq")', 'idpToUser', 'arguments_wrong', 0],
    ['Time.now("Mars/Olympus") + appuser.a', 'idpToUser', 'arguments_wrong', 0],
    ['Time.fromStringToIso8601("2026-02-30", "yyyy-MM-dd")', 'idpToUser', 'conversion_failed', 0],
    ['user.getInternalProperty("foo")', 'userToApp', 'arguments_wrong', 5],
    ['Groups.endsWith("OKTA", "s", 101)', 'claims', 'number_out_of_range', 0],
    ['appuser.list.?[a == 1 / 0].size()', 'idpToUser', 'division_by_zero', 22],
  ])('%s in %s: %s at %i', (source, scope, code, offset) => {
    expect(refusal(source, scope)).toMatchObject({ code, at: { offset }, hint: expect.any(String) });
  });

  test.each<[string, Scope]>([
    ['isMemberOfGroupNameRegex("a.*")', 'groupRule'],
    ['isMemberOfGroupNameRegex(user.a)', 'groupRule'],
    ['true || 1 / 0 == 1', 'groupRule'],
    ['user.a / 0.5 == 1', 'groupRule'],
    ['Convert.toInt(user.a) == 1', 'groupRule'],
    ['true', 'groupRule'],
    ['user.byndidRegistered', 'groupRule'],
    ['user.a == 1 ? true : null', 'groupRule'],
    ['1 / Convert.toInt(Time.now("UTC", "HH"))', 'idpToUser'],
    ['Time.now("Europe/Brussels", "HH:mm")', 'idpToUser'],
    ['user.getInternalProperty("status")', 'userToApp'],
    ['Groups.endsWith("OKTA", "s", 100)', 'claims'],
    ['"abc"', 'claims'],
  ])('%s in %s may work', (source, scope) => expect(refusal(source, scope)).toBeNull());

  test('what was saved before still runs', () => {
    expect(['1 / 0', 'Convert.toInt("x")'].map((source) => failure(source))).toEqual([null, null]);
    expect(failure('"abc"', 'groupRule')).toBeNull();
  });

  test('as many parts are computed as is cheap', () => {
    const parts = (n: number) => Array.from({ length: n }, () => 'String.len("a") + appuser.a').join(' + ');
    expect(refusal(parts(90))).toBeNull();
    expect(refusal(`${parts(120)} + 1 / 0`.slice(0, 4096))).toBeNull();
  });
});

describe('syntax errors say where and what', () => {
  test.each([
    ['', 'source_empty', 0],
    ['  ', 'source_empty', 0],
    ['appuser.', 'token_unexpected', 8],
    ['appuser..a', 'token_unexpected', 8],
    ['appuser.a +', 'token_unexpected', 11],
    ['appuser.a appuser.b', 'token_unexpected', 10],
    ['(appuser.a', 'token_unexpected', 10],
    ['appuser.a)', 'token_unexpected', 9],
    ['a == b == c', 'token_unexpected', 7],
    ['true ? 1', 'token_unexpected', 8],
    ['1 = 2', 'character_unexpected', 2],
    ["'open", 'string_unclosed', 0],
    ["'it's'", 'string_unclosed', 5],
    ['“a”', 'character_unexpected', 0],
    ['12abc', 'token_unexpected', 2],
    ['1.', 'token_unexpected', 2],
    ['f(1,)', 'token_unexpected', 4],
    ['a;b', 'character_unexpected', 1],
    ['`a`', 'character_unexpected', 0],
    ['a => b', 'character_unexpected', 2],
    ['\u0000', 'character_unexpected', 0],
    ['a[0', 'token_unexpected', 3],
    ['and', 'token_unexpected', 0],
  ])('%j → %s at %i', (source, code, offset) => {
    expect(failure(source)).toMatchObject({ code, at: { offset } });
  });

  test('lines and columns count from one', () => {
    expect(failure('appuser.a\n  + + 1')?.at).toEqual({ offset: 14, line: 2, column: 5 });
  });

  test('too long a source is refused, a shorter limit holds for user name templates', () => {
    const long = (length: number) => `'${'x'.repeat(length - 2)}'`;
    expect(failure(long(4096))).toBeNull();
    expect(failure(long(4097))?.code).toBe('source_too_long');
    expect(failure(long(1024), 'idpUsername')).toBeNull();
    expect(failure(long(1025), 'idpUsername')?.code).toBe('source_too_long');
    expect(parse('appuser.abc', { maxLength: 10 })).toMatchObject({ ok: false, error: { code: 'source_too_long' } });
  });

  test.each([
    ['(', ')'],
    ['!', ''],
    ['-', ''],
    ['{', '}'],
    ['a[', ']'],
    ['f(', ')'],
    ['a ? ', ' : 1'],
    ['a.?[', ']'],
  ])('nesting %s is bounded', (open, close) => {
    const nest = (depth: number) => parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
    expect(nest(20).ok).toBe(true);
    expect(nest(500)).toMatchObject({ ok: false, error: { code: 'too_deep' } });
  });

  test('long chains are bounded too', () => {
    expect(parse(`1${'+1'.repeat(200)}`).ok).toBe(true);
    expect(parse(`1${'+1'.repeat(1000)}`)).toMatchObject({ ok: false, error: { code: 'too_deep' } });
    expect(parse(`a${'.a'.repeat(1500)}`)).toMatchObject({ ok: false, error: { code: 'too_deep' } });
  });

  test.each(['${appuser.a}-${appuser.b}', 'x${appuser.a}', '${appuser.a}x', '}${', '${appuser.a'])(
    'template %s does not enclose one expression',
    (source) => expect(failure(source, 'idpUsername')?.code).toBe('template_mixed'),
  );

  test('a template keeps the positions of its source, and is refused outside of user name formats', () => {
    expect(failure('${idpuser.a + }', 'idpUsername')?.at.offset).toBe(15);
    expect(failure(' ${ idpuser.a } ', 'idpUsername')).toBeNull();
    expect(failure("'${'", 'idpUsername')).toBeNull();
    expect(failure('${appuser.a}', 'idpToUser')?.code).toBe('token_unexpected');
  });
});

describe('findings of the check', () => {
  test.each([
    ['String.substringBefor(appuser.a, "@")', 'function_unknown', 'Did you mean String.substringBefore?'],
    ['string.substringBefore(appuser.a, "@")', 'function_unknown', 'Did you mean String.substringBefore?'],
    ['Strings.append("a", "b")', 'function_unknown', 'Did you mean String.append?'],
    ['append("a", "b")', 'function_unknown', 'Did you mean String.append?'],
    ['appuser.a.toUppercase()', 'function_unknown', 'Did you mean toUpperCase?'],
    ['String.substringBefore(appuser.a)', 'arguments_wrong', 'It is written String.substringBefore(text, search).'],
    ['String.append("a", "b", "c")', 'arguments_wrong', 'It is written String.append(text, suffix).'],
    ['String.stringSwitch("a", "b", "c")', 'arguments_wrong', undefined],
    ['appuser.a.substring()', 'arguments_wrong', undefined],
    ['apuser.email', 'root_unknown', 'Did you mean appuser?'],
    ['hello', 'root_unknown', undefined],
    ['appuser.a matches appuser.b', 'pattern_invalid', undefined],
    ['appuser.a matches "("', 'pattern_invalid', undefined],
    ['appuser.a matches "(?=a)"', 'pattern_invalid', undefined],
    ['Arrays.length(appuser.a)', 'function_unknown', undefined],
    ['Time.later()', 'function_unknown', undefined],
    ['isMemberOfGroupName("x")', 'function_unknown', undefined],
    ['constructor', 'root_unknown', undefined],
    ['toString()', 'function_unknown', undefined],
    ['appuser.hasOwnProperty("a")', 'function_unknown', undefined],
  ])('%s → %s', (source, code, hint) => {
    const error = failure(source);
    expect(error?.code).toBe(code);
    if (hint !== undefined) expect(error?.hint).toBe(hint);
  });

  test('one error is found per cause, all at once, at most twenty', () => {
    const program = parse('string.append(nobody.a, 1) + f() + g()');
    expect(program.ok && check(program.value, 'idpToUser').map((e) => e.code)).toEqual([
      'function_unknown',
      'function_unknown',
      'function_unknown',
    ]);
    const many = parse('f()+'.repeat(100).slice(0, -1));
    expect(many.ok && check(many.value, 'idpToUser')).toHaveLength(20);
  });

  test.each([
    ['idpUsername', ['idpuser', 'saml', 'appuser', 'source']],
    ['idpToUser', ['idpuser', 'saml', 'appuser', 'source', 'user']],
    ['userToApp', ['source', 'user', 'app', 'org']],
    ['claims', ['user', 'appuser', 'app', 'session']],
    ['groupRule', ['user']],
    ['routing', ['login']],
    ['hookFilter', ['event']],
  ] as [Scope, string[]][])('%s reads %j and nothing else', (scope, roots) => {
    const all = ['idpuser', 'saml', 'appuser', 'source', 'user', 'app', 'org', 'session', 'login', 'event', 'internal'];
    expect(all.filter((root) => failure(root, scope) === null).sort()).toEqual([...roots].sort());
  });

  test.each([
    ['source.userName', 'idpUsername'],
    ['login.password', 'routing'],
    ['login["password"]', 'routing'],
    ['session.id', 'claims'],
    ['org.secret', 'userToApp'],
  ] as [string, Scope][])('%s is not available in %s', (source, scope) => {
    expect(failure(source, scope)?.code).toBe('attribute_unavailable');
  });

  test.each([
    ['source.userName', 'idpToUser'],
    ['login.identifier', 'routing'],
    ['session.amr', 'claims'],
    ['org.subDomain + org.name', 'userToApp'],
  ] as [string, Scope][])('%s is available in %s', (source, scope) => {
    expect(failure(source, scope)).toBeNull();
  });
});

describe('references', () => {
  const of = (source: string) => {
    const program = parse(source);
    return program.ok ? references(program.value).map(({ root, path }) => [root, ...path].join('.')) : null;
  };

  test.each([
    ['appuser.fname', ['appuser.fname']],
    ['appuser.address.locality + appuser["x y"]', ['appuser.address.locality', 'appuser.x y']],
    ['appuser.a + appuser.a + user.b', ['appuser.a', 'user.b']],
    ['appuser[user.key].c', ['appuser', 'user.key']],
    ['String.append(appuser.a, appuser.b.toUpperCase())', ['appuser.a', 'appuser.b']],
    ['event.target.?[type eq "x"].size()', ['event.target']],
    ['1 + 2', []],
  ])('%s', (source, expected) => expect(of(source)).toEqual(expected));

  test('a compiled expression names the bindings instead of their aliases', () => {
    const compiled = compile('saml.a + source.a + user.b', 'idpToUser');
    expect(compiled.ok && compiled.value.references).toEqual([
      { root: 'idpuser', path: ['a'] },
      { root: 'user', path: ['b'] },
    ]);
  });
});
