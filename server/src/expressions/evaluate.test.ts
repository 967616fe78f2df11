// biome-ignore-all lint/suspicious/noTemplateCurlyInString: user name templates are written so.
import { describe, expect, test } from 'vitest';
import { compile, type Scope, type Value } from './index.ts';

const PERSON = {
  email: 'ada@example.com',
  fname: 'Ada',
  lname: 'Lovelace',
  phone: '+44 20 7946 0018',
  age: 36,
  score: 2.5,
  verified: 'true',
  groups: ['sales', 'staff'],
  address: { locality: 'London', 'street address': '1 St James' },
  'http://itsme.services/v2/claim/BENationalNumber': '85073003328',
};

function run(source: string, bindings: Record<string, unknown> = { idpuser: PERSON }, scope: Scope = 'idpToUser') {
  const compiled = compile(source, scope);
  if (!compiled.ok) return { error: compiled.error[0]!.code };
  const result = compiled.value.evaluate(bindings);
  return result.ok ? result.value : { error: result.error.code };
}

const table = (rows: [string, Value][]) =>
  test.each(rows)('%s → %j', (source, value) => expect(run(source)).toEqual({ value, usedNull: false }));

describe('functions of String', () => {
  table([
    ['String.append("This is", " a test")', 'This is a test'],
    ['String.join(",", "This", "is", "a", "test")', 'This,is,a,test'],
    ['String.join("", "This", "is")', 'Thisis'],
    ['String.join("-", appuser.groups, 1, true)', 'sales-staff-1-true'],
    ['String.join("-")', ''],
    ['String.len("This")', 4],
    ['String.len(appuser.absent)', 0],
    ['String.removeSpaces(appuser.phone)', '+442079460018'],
    ['String.replace("This is a test", "is", "at")', 'That at a test'],
    ['String.replaceFirst("This is a test", "is", "at")', 'That is a test'],
    ['String.replaceFirst("aXbXc", "X", "")', 'abXc'],
    ['String.replace("a.c", ".", "$&")', 'a$&c'],
    ['String.replace("abc", "", "x")', 'abc'],
    ['String.replace(appuser.absent, "a", "b")', null],
    ['String.replace("abc", "b", appuser.absent)', 'abc'],
    ['String.startsWith(appuser.fname, "Ad")', true],
    ['String.startsWith(appuser.fname, "ad")', false],
    ['String.startsWith(appuser.absent, "a")', false],
    ['String.startsWith("null", appuser.absent)', false],
    ['String.stringContains(appuser.email, "@example.")', true],
    ['String.stringContains(appuser.email, "@other.")', false],
    ['String.stringSwitch("This is a test", "default", "key1", "value1")', 'default'],
    ['String.stringSwitch("This is a test", "default", "test", "value1")', 'value1'],
    ['String.stringSwitch("First match wins", "d", "absent", "v1", "wins", "v2", "match", "v3")', 'v2'],
    ['String.stringSwitch("Substrings count", "default", "ring", "value1")', 'value1'],
    ['String.stringSwitch(appuser.absent, "default", "ring", "value1")', 'default'],
    ['String.stringSwitch("x", appuser.absent)', null],
    ['String.substring("This is a test", 5, 9)', 'is a'],
    ['String.substring("abc", 2, 99)', 'c'],
    ['String.substring("abc", -1, 2)', 'ab'],
    ['String.substring("abc", 2, 1)', ''],
    ['String.substringAfter("abc@xyz.com", "@")', 'xyz.com'],
    ['String.substringAfter("abc", "@")', ''],
    ['String.substringAfter("a@b@c", "@")', 'b@c'],
    ['String.substringBefore("abc@xyz.com", "@")', 'abc'],
    ['String.substringBefore("abc", "@")', 'abc'],
    ['String.substringBefore("abc", appuser.absent)', 'abc'],
    ['String.substringBefore(appuser.absent, "@")', null],
    ['String.toUpperCase("This")', 'THIS'],
    ['String.toLowerCase("This")', 'this'],
    ['String.toUpperCase(appuser.absent)', null],
    ['String.toUpperCase(true)', 'TRUE'],
  ]);
});

describe('bare legacy functions, methods and conversions', () => {
  table([
    ['toUpperCase("ab")', 'AB'],
    ['toLowerCase("AB")', 'ab'],
    ['substringBefore("a@b", "@")', 'a'],
    ['substringAfter("a@b", "@")', 'b'],
    ['substring("abcdef", 1, 3)', 'bc'],
    ["appuser.email.substringAfter('@')", 'example.com'],
    ["appuser.email.substringBefore('@').toUpperCase()", 'ADA'],
    ['appuser.email.substring(4)', 'example.com'],
    ['appuser.email.substring(0, 3)', 'ada'],
    ["appuser.email.endsWith('.com') && appuser.email.startsWith('ada')", true],
    ["appuser.email.contains('@')", true],
    ["appuser.groups.contains('staff')", true],
    ["appuser.groups.contains('taff')", false],
    ['appuser.fname.length() + appuser.fname.size()', 6],
    ['appuser.groups.size()', 2],
    ['appuser.absent.size()', 0],
    ["appuser.absent.substringAfter('@')", null],
    ["appuser.absent.contains('a')", false],
    ['Convert.toInt("123")', 123],
    ['Convert.toInt("123.6")', 124],
    ['Convert.toInt(123.6)', 124],
    ['Convert.toInt(-2.5)', -2],
    ['Convert.toInt(-0.2)', 0],
    ['Convert.toInt(appuser.absent)', null],
    ['Convert.toNum("123.55")', 123.55],
    ['Convert.toNum(" -7 ")', -7],
  ]);
});

describe('operators', () => {
  table([
    ['appuser.zoneinfo == null ? "America/Los_Angeles" : appuser.zoneinfo', 'America/Los_Angeles'],
    ['appuser.fname + " " + appuser.lname', 'Ada Lovelace'],
    ['1 + 2 + "x" + 1 + 2', '3x12'],
    ['"a" + true + 1.5', 'atrue1.5'],
    ['1 + 2 * 3 - 4', 3],
    ['(1 + 2) * 3', 9],
    ['10 - 3 - 2', 5],
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['7 / 2.0', 3.5],
    ['(1.0 + 6) / 2', 3.5],
    ['appuser.score / 1', 2.5],
    ['7 % 4', 3],
    ['- - 3', 3],
    ['-appuser.age', -36],
    ['appuser.absent ?: "x"', 'x'],
    ['"" ?: "x"', 'x'],
    ['0 ?: "x"', 0],
    ['appuser.fname ?: "x"', 'Ada'],
    ['appuser.a ?: appuser.b ?: "c"', 'c'],
    ['null == appuser.absent', true],
    ['NULL == Null', true],
    ['1 == 1.0', true],
    ['"1" == 1', false],
    ['"a" != "b"', true],
    ['{1, {"a"}} == {1, {"a"}}', true],
    ['{1} == {2}', false],
    ['appuser.address == appuser.address', true],
    ['appuser.age gt 18 AND appuser.age le 36', true],
    ['appuser.age lt 18 or appuser.age ge 99', false],
    ['appuser.age eq 36 && appuser.fname ne "Bob"', true],
    ['NOT appuser.age > 40', true],
    ['!false && !null', true],
    ['"a" < "b"', true],
    ['appuser.absent < 1', true],
    ['appuser.verified ? "yes" : "no"', 'yes'],
    ['"FALSE" ? 1 : 2', 2],
    ['appuser.absent ? "yes" : "no"', 'no'],
    ['true ? false ? 1 : 2 : 3', 2],
    ['false ? 1 : true ? 2 : 3', 2],
    ['true || appuser.fname', true],
    ['false && appuser.fname', false],
    ['appuser.email matches "[a-z]+@example[.]com"', true],
    ['appuser.email matches "[a-z]+"', false],
    ['appuser.absent matches ".*"', false],
    ["'it''s'", "it's"],
    ['"say ""hi"""', 'say "hi"'],
    ["'back\\slash'", 'back\\slash'],
  ]);
});

describe('reading attributes', () => {
  table([
    ['appuser.fname', 'Ada'],
    ['source.fname', 'Ada'],
    ['idpuser.fname', 'Ada'],
    ['appuser.absent', null],
    ['appuser.absent.deeper.still', null],
    ['appuser.fname.no', null],
    ["appuser['http://itsme.services/v2/claim/BENationalNumber']", '85073003328'],
    ['appuser.address.locality', 'London'],
    ["appuser.address['street address']", '1 St James'],
    ['appuser["f" + "name"]', 'Ada'],
    ['appuser.groups[1]', 'staff'],
    ['appuser.groups[2]', null],
    ['appuser.groups[-1]', null],
    ['appuser.groups[0.5]', null],
    ['appuser.absent[0]', null],
    ['appuser[appuser.absent]', null],
    ['{1, "a", null}[1]', 'a'],
    ['{}', []],
    ['appuser.groups', ['sales', 'staff']],
    ['appuser.groups.length', null],
    ['user.login', null],
  ]);

  test('the target of a mapping and the transformed user name are readable', () => {
    const bindings = { idpuser: { userName: 'ada' }, user: { login: 'old' } };
    expect(run('source.userName + user.login', bindings)).toEqual({ value: 'adaold', usedNull: false });
  });

  test('a record comes out as a copy without a prototype', () => {
    const result = run('appuser.address');
    expect('value' in result && Object.getPrototypeOf(result.value)).toBeNull();
    expect('value' in result && { ...(result.value as object) }).toEqual(PERSON.address);
  });

  test('a selection keeps the elements for which the condition holds', () => {
    const event = { target: [{ type: 'UserGroup', displayName: 'Sales' }, { type: 'User' }, null, 'text'] };
    const filter = "event.target.?[type eq 'UserGroup'].size()>0 && event.target.?[displayName eq 'Sales'].size()>0";
    expect(run(filter, { event }, 'hookFilter')).toEqual({ value: true, usedNull: false });
    expect(run("event.target.?[displayName eq 'Legal']", { event }, 'hookFilter')).toMatchObject({ value: [] });
    expect(run('event.absent.?[true].size()', { event }, 'hookFilter')).toMatchObject({ value: 0 });
    expect(run('event.?[true]', { event }, 'hookFilter')).toEqual({ error: 'type_mismatch' });
    expect(run("event.target.?[event.type eq 'x'].size()", { event }, 'hookFilter')).toMatchObject({ value: 0 });
  });

  test('an internal property of a user is readable towards applications only', () => {
    const bindings = { user: { id: 'wrong' }, internal: { id: '00u1', status: 'ACTIVE' } };
    expect(run('user.getInternalProperty("id")', bindings, 'userToApp')).toMatchObject({ value: '00u1' });
    expect(run('user.getInternalProperty("status")', bindings, 'userToApp')).toMatchObject({ value: 'ACTIVE' });
    expect(run('user.getInternalProperty("password")', bindings, 'userToApp')).toEqual({ error: 'arguments_wrong' });
    expect(run('user.getInternalProperty("id")', bindings, 'claims')).toEqual({ error: 'function_unknown' });
  });
});

describe('null is told apart from the text "null"', () => {
  test.each([
    ['appuser.absent + "x"', 'nullx', true],
    ['"x" + appuser.absent', 'xnull', true],
    ['String.append(appuser.absent, "x")', 'nullx', true],
    ['String.join(".", appuser.fname, appuser.absent)', 'Ada.null', true],
    ['String.toUpperCase(appuser.absent + "x")', 'NULLX', true],
    ['appuser.fname + ".Null"', 'Ada.Null', false],
    ['"null" + "x"', 'nullx', false],
    ['appuser.absent + "x" == "nullx" ? "a" : "b"', 'a', false],
    ['(appuser.absent + "") == "x" ? "a" : appuser.absent + "b"', 'nullb', true],
    ['(appuser.absent + "x") matches "null." ? 1 : 2', 1, false],
    ['appuser["no" + appuser.absent] ?: "x"', 'x', false],
  ])('%s', (source, value, usedNull) => {
    expect(run(source)).toEqual({ value, usedNull });
  });
});

describe('what cannot be computed is an error with a code', () => {
  test.each([
    ['1 / 0', 'division_by_zero'],
    ['1 % 0', 'division_by_zero'],
    ['appuser.absent + 1', 'type_mismatch'],
    ['appuser.groups + "x"', 'type_mismatch'],
    ['"a" - 1', 'type_mismatch'],
    ['-"a"', 'type_mismatch'],
    ['1 < "a"', 'type_mismatch'],
    ['"maybe" ? 1 : 2', 'type_mismatch'],
    ['1 && true', 'type_mismatch'],
    ['"abc"[0]', 'type_mismatch'],
    ['appuser.groups["x"]', 'type_mismatch'],
    ['String.substring("abc", 0.5, 1)', 'type_mismatch'],
    ['String.len(appuser.groups)', 'type_mismatch'],
    ['appuser.address.size()', 'type_mismatch'],
    ['Convert.toInt("12x")', 'conversion_failed'],
    ['Convert.toInt("1e3")', 'conversion_failed'],
    ['Convert.toNum(true)', 'conversion_failed'],
    ['Convert.toNum("99999999999999999999")', 'number_out_of_range'],
    ['9007199254740991 * 2', 'number_out_of_range'],
    ['99999999999999999999', 'number_out_of_range'],
  ])('%s → %s', (source, error) => expect(run(source)).toEqual({ error }));
});

describe('the guides', () => {
  test.each([
    ['idpUsername', 'idpuser.email', 'ada@example.com'],
    ['idpUsername', '${idpuser.email}', 'ada@example.com'],
    ['idpUsername', 'saml.email', 'ada@example.com'],
    ['idpUsername', 'String.substringBefore(source.email, "@")', 'ada'],
    ['idpToUser', 'appuser.fname', 'Ada'],
    ['idpToUser', 'appuser.email', 'ada@example.com'],
  ] as [Scope, string, string][])('%s: %s', (scope, source, value) => {
    expect(run(source, { idpuser: PERSON }, scope)).toEqual({ value, usedNull: false });
  });

  test('a dynamic routing rule takes the domain of what was typed', () => {
    const source = "login.identifier.substringAfter('@')";
    expect(run(source, { login: { identifier: 'a@b.example' } }, 'routing')).toMatchObject({ value: 'b.example' });
  });

  test('an application takes the login by default', () => {
    expect(run('${source.login}', { user: { login: 'ada' } }, 'userToApp')).toMatchObject({ value: 'ada' });
  });
});
