import { describe, expect, test } from 'vitest';
import { compile, type Scope, type Value } from './index.ts';

const BINDINGS = {
  idpuser: { groups: ['sales', 'staff'], csv: 'a, b,c', nested: [1, [2, [3]]], born: '1990-02-28', country: 'be' },
  user: { department: 'Sales' },
  now: new Date('2026-07-20T22:05:09.042Z'),
  groups: [
    { id: '00gSales', name: 'Sales' },
    { id: '00gWest', name: 'West Coast Users' },
  ],
};

function run(source: string, scope: Scope = 'idpToUser') {
  const compiled = compile(source, scope);
  if (!compiled.ok) return { error: compiled.error[0]!.code };
  const result = compiled.value.evaluate(BINDINGS);
  return result.ok ? { value: result.value.value } : { error: result.error.code };
}

const table = (rows: [string, Value][], scope?: Scope) =>
  test.each(rows)('%s → %j', (source, value) => expect(run(source, scope)).toEqual({ value }));
const refused = (rows: [string, string][], scope?: Scope) =>
  test.each(rows)('%s is refused: %s', (source, error) => expect(run(source, scope)).toEqual({ error }));

describe('functions of Arrays', () => {
  table([
    ['Arrays.add({10, 20, 30}, 40)', [10, 20, 30, 40]],
    ['Arrays.add(appuser.absent, "x")', ['x']],
    ['Arrays.remove({10, 20, 30}, 20)', [10, 30]],
    ['Arrays.clear({10, 20, 30})', []],
    ['Arrays.get({0, 1, 2}, 0)', 0],
    ['Arrays.get({0, 1, 2}, 3)', null],
    ['Arrays.get({0, 1, 2}, -1)', null],
    ['Arrays.flatten(10, {20, 30}, 40)', [10, 20, 30, 40]],
    ['Arrays.flatten(appuser.nested)', [1, 2, 3]],
    ['Arrays.contains(appuser.groups, "staff")', true],
    ['Arrays.contains(appuser.csv, "b")', true],
    ['Arrays.contains({10, 20}, "10")', false],
    ['Arrays.size({10, 20, 30})', 3],
    ['Arrays.size(appuser.absent)', 0],
    ['Arrays.isEmpty(appuser.absent)', true],
    ['Arrays.isEmpty({10})', false],
    ['Arrays.toCsvString({"This", "is", " a ", "test"})', 'This,is, a ,test'],
    ['Arrays.toCsvString({"a,b", "say ""hi"""})', '"a,b","say ""hi"""'],
    ['Arrays.toCsvString(appuser.groups)', 'sales,staff'],
  ]);
  refused([
    ['Arrays.add({1})', 'arguments_wrong'],
    ['Arrays.size(5)', 'type_mismatch'],
    ['Arrays.get({1}, "a")', 'type_mismatch'],
  ]);
});

describe('functions of Iso3166Convert', () => {
  table([
    ['Iso3166Convert.toAlpha2("BEL")', 'BE'],
    ['Iso3166Convert.toAlpha3(appuser.country)', 'BEL'],
    ['Iso3166Convert.toNumeric("Belgium")', '056'],
    ['Iso3166Convert.toName("56")', 'Belgium'],
    ['Iso3166Convert.toName("840")', 'United States'],
    ['Iso3166Convert.toAlpha2("Atlantis")', null],
    ['Iso3166Convert.toAlpha2(appuser.absent)', null],
  ]);
});

describe('functions of Time', () => {
  table([
    ['Time.now()', '2026-07-20T22:05:09.042Z'],
    ['Time.now("Europe/Brussels")', '2026-07-21T00:05:09.042+02:00'],
    ['Time.now("America/New_York", "yyyy-MM-dd HH:mm:ss")', '2026-07-20 18:05:09'],
    ['Time.now("UTC", "EEEE d MMMM yy, h:mm a")', 'Monday 20 July 26, 10:05 PM'],
    ["Time.now('UTC', 'dd ''of'' MMM')", '20 of Jul'],
    ['Time.fromWindowsToIso8601("129683540120000000")', '2011-12-14T16:33:32.000Z'],
    ['Time.fromUnixToIso8601(1323880412)', '2011-12-14T16:33:32.000Z'],
    ['Time.fromUnixToIso8601("1323880412")', '2011-12-14T16:33:32.000Z'],
    ['Time.fromIso8601ToWindows("2011-12-14T16:33:32.000Z")', '129683540120000000'],
    ['Time.fromIso8601ToUnix("2011-12-14T16:33:32.000Z")', 1323880412],
    ['Time.fromIso8601ToUnix("2011-12-14T16:33:32+01:00")', 1323876812],
    ['Time.fromIso8601ToString(appuser.born, "MM/dd/yyyy")', '02/28/1990'],
    ['Time.fromStringToIso8601("28/02/1990", "dd/MM/yyyy")', '1990-02-28T00:00:00.000Z'],
    ['Time.fromStringToIso8601("Feb 28 1990 1:02 PM +0200", "MMM dd yyyy h:mm a Z")', '1990-02-28T11:02:00.000Z'],
    [
      'Time.fromStringToIso8601("Monday, 20 Jul 2026 12:30 AM", "EEEE, dd MMMM yyyy hh:mm a")',
      '2026-07-20T00:30:00.000Z',
    ],
    ['Time.fromStringToIso8601("13:05 pm", "HH:mm a")', '1970-01-01T13:05:00.000Z'],
    ['Time.fromUnixToIso8601(appuser.absent)', null],
  ]);
  refused([
    ['Time.fromStringToIso8601("31/02/1990", "dd/MM/yyyy")', 'conversion_failed'],
    ['Time.fromStringToIso8601("x", "dd/MM/yyyy")', 'conversion_failed'],
    ['Time.fromStringToIso8601("31 Ma 2026", "dd MMMM yyyy")', 'conversion_failed'],
    ['Time.fromStringToIso8601("13:00 PM", "hh:mm a")', 'conversion_failed'],
    ['Time.fromStringToIso8601("00:00 AM", "hh:mm a")', 'conversion_failed'],
    ['Time.fromStringToIso8601("13:00 AM", "HH:mm a")', 'conversion_failed'],
    ['Time.fromStringToIso8601("Tue 20 Jul 2026", "EEE dd MMM yyyy")', 'conversion_failed'],
    ['Time.fromIso8601ToUnix("2026-02-30T00:00:00Z")', 'conversion_failed'],
    ['Time.fromIso8601ToUnix("2026-01-01T24:00:00Z")', 'conversion_failed'],
    ['Time.fromStringToIso8601("1111", "dddd")', 'conversion_failed'],
    ['Time.fromStringToIso8601("11", "dHdH")', 'conversion_failed'],
    ['Time.fromIso8601ToUnix("yesterday")', 'conversion_failed'],
    ['Time.fromUnixToIso8601(9007199254740991)', 'conversion_failed'],
    ['Time.now("Mars/Olympus")', 'arguments_wrong'],
    ['Time.now("UTC", "qq")', 'arguments_wrong'],
    ["Time.now('UTC', 'yyyy-MM-dd ''')", 'arguments_wrong'],
  ]);
  refused([['Time.now()', 'function_unknown']], 'claims');
});

describe('functions of membership', () => {
  table(
    [
      ['isMemberOfGroup("00gSales")', true],
      ['isMemberOfGroup("00gOther")', false],
      ['isMemberOfAnyGroup("00gOther", "00gWest")', true],
      ['isMemberOfGroupName("Sales")', true],
      ['isMemberOfGroupName("sales")', false],
      ['isMemberOfGroupNameStartsWith("West")', true],
      ['isMemberOfGroupNameContains("Coast")', true],
      ['isMemberOfGroupNameRegex(".*Coast.*")', true],
      ['isMemberOfGroupNameRegex("Coast")', false],
      ['user.department == "Sales" and isMemberOfGroupName("Sales")', true],
      ['isMemberOfGroup(null)', false],
    ],
    'groupRule',
  );
  test('many groups are asked about by somebody who has many', () => {
    const ids = Array.from({ length: 100 }, (_, n) => `"00gAsked${n}"`).join(', ');
    const asked = compile(`isMemberOfAnyGroup(${ids})`, 'groupRule');
    const groups = Array.from({ length: 1_900 }, (_, n) => ({ id: `00gOwn${n}`, name: `Own ${n}` }));
    const among = (more: object[]) => asked.ok && asked.value.evaluate({ user: {}, groups: [...groups, ...more] });
    expect(among([])).toMatchObject({ ok: true, value: { value: false } });
    expect(among([{ id: '00gAsked99', name: 'Last' }])).toMatchObject({ ok: true, value: { value: true } });
  });

  table([
    ['Iso3166Convert.toAlpha2("Turkey")', 'TR'],
    ['Iso3166Convert.toAlpha2("Czech Republic")', 'CZ'],
    ['Iso3166Convert.toAlpha2("Ivory Coast")', 'CI'],
    ["Iso3166Convert.toAlpha3('cote d''ivoire')", 'CIV'],
    ['Iso3166Convert.toAlpha2("Trinidad and Tobago")', 'TT'],
    ['Iso3166Convert.toAlpha2("Atlantis")', null],
  ]);

  refused([['isMemberOfGroupNameRegex("(")', 'pattern_invalid']], 'groupRule');
  refused([['isMemberOfGroup("00gSales")', 'function_unknown']], 'idpToUser');
});

describe('lists of groups, in claims', () => {
  const GROUPS = [
    { id: '00gEveryone', name: 'Everyone', type: 'BUILT_IN' },
    { id: '00gSales', name: 'Sales', type: 'OKTA_GROUP' },
    { id: '00gWest', name: 'West Coast Users', type: 'OKTA_GROUP' },
    { id: '00gApp', name: 'West Sales', type: 'APP_GROUP' },
  ];
  const claim = (source: string, groups: unknown = GROUPS) => {
    const compiled = compile(source, 'claims');
    if (!compiled.ok) return { error: compiled.error[0]!.code, at: compiled.error[0]!.at.column };
    const result = compiled.value.evaluate({ user: { department: 'Sales' }, groups });
    return result.ok ? result.value.value : { error: result.error.code };
  };
  test.each<[string, Value]>([
    ['Groups.startsWith("OKTA", "West", 10)', ['West Coast Users']],
    ['Groups.startsWith("OKTA", "", 2)', ['Everyone', 'Sales']],
    ['Groups.contains("OKTA", "a", 10)', ['Sales', 'West Coast Users']],
    ['Groups.endsWith("OKTA", "s", 10)', ['Sales', 'West Coast Users']],
    ['Groups.startsWith("scim_app", "West", 10)', ['West Sales']],
    ['Groups.startsWith("OKTA", user.department, 10)', ['Sales']],
    ['Groups.startsWith("OKTA", user.absent, 10)', null],
    ['Arrays.toCsvString(Groups.startsWith("OKTA", "", 100))', 'Everyone,Sales,West Coast Users'],
    ['getFilteredGroups({"00gWest", "00gSales", "00gNone"}, "group.name", 40)', ['Sales', 'West Coast Users']],
    ['getFilteredGroups({"00gWest"}, "group.id", 40)', ['00gWest']],
    ["user.getGroups({'group.type': {'OKTA_GROUP'}}).![name]", ['Sales', 'West Coast Users']],
    ["user.getGroups({'group.id': '00gApp'}).![profile.name + '!']", ['West Sales!']],
    [
      "user.getGroups({'group.profile.name': 'West', 'operator': 'STARTS_WITH'}, {'group.type': {'APP_GROUP'}}).size()",
      1,
    ],
    ["user.isMemberOf({'group.profile.name': 'Sales'})", true],
    ["user.isMemberOf({'group.profile.name': {'sales', 'Everybody'}})", false],
    ['isMemberOfGroupName("Sales") ? "seller" : null', 'seller'],
  ])('%s → %j', (source, value) => expect(claim(source)).toEqual(value));

  test.each([
    ['Groups.startsWith("OKTA", "", 101)', { error: 'number_out_of_range' }],
    ['Groups.startsWith("OKTA", "", 0)', { error: 'number_out_of_range' }],
    ['Groups.startsWith("OKTA", "")', { error: 'arguments_wrong', at: 1 }],
    ['getFilteredGroups("00gWest", "group.name", 1)', { error: 'type_mismatch' }],
    ['getFilteredGroups({"00gWest"}, "group.description", 1)', { error: 'type_mismatch' }],
    ["user.getGroups({'group.source.id': '0oa'})", { error: 'type_mismatch' }],
    ["user.getGroups({'group.profile.name': 'a', 'operator': 'LIKE'})", { error: 'type_mismatch' }],
    ['user.getGroups({"a", "b"})', { error: 'type_mismatch' }],
  ])('%s is refused: %j', (source, refusal) => expect(claim(source)).toEqual(refusal));

  test('are not known where groups are only asked about, or not at all', () => {
    for (const scope of ['groupRule', 'idpToUser'] as const)
      for (const source of ['Groups.startsWith("OKTA", "", 1)', 'getFilteredGroups({"a"}, "group.name", 1)'])
        expect(run(source, scope)).toEqual({ error: 'function_unknown' });
    expect(run("user.getGroups({'group.id': 'x'})", 'groupRule')).toEqual({ error: 'function_unknown' });
  });

  test('an expression says whether it needs groups at all', () => {
    const needs = (source: string) => {
      const compiled = compile(source, 'claims');
      return compiled.ok ? compiled.value.needs : null;
    };
    expect(needs('user.department')).toEqual([]);
    expect(needs('isMemberOfGroup("x")')).toEqual(['groups']);
    expect(needs("user.getGroups({'group.id': 'x'}).![name]")).toEqual(['groupLists']);
  });
});

describe('maps and projections', () => {
  table([
    ["{'a': 1, 'b': {2, 3}}['b']", [2, 3]],
    ["{'a': user.department}.a", 'Sales'],
    ["{{'n': 'x'}, {'n': 'yz'}}.![n.length()]", [1, 2]],
    ['user.absent.![name]', []],
  ]);
  refused([
    ['{null: 1}', 'type_mismatch'],
    ['{"__proto__": 1}', 'type_mismatch'],
    ['user.department.![x]', 'type_mismatch'],
    ['{"a": 1, "b"}', 'token_unexpected'],
  ]);
});
