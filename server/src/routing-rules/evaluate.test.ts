import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledPlatform, compileIdentifier, type IdentifierCondition } from './conditions/index.ts';
import {
  type CompiledRule,
  type DynamicChoice,
  evaluate,
  type RouteContext,
  type RuleZone,
  stillOffers,
} from './evaluate.ts';

const from = (appId: string | null): RouteContext => ({
  appId,
  appType: null,
  ip: '192.0.2.1',
  userAgent: '',
  login: null,
});
const provider = (id: string, unusable: string | null = null) => ({
  type: 'OIDC' as const,
  id,
  name: `IdP ${id}`,
  unusable,
});
const local = { type: 'OKTA' as const, name: 'Gatehouse', unusable: null };
const rule = (name: string, more: Partial<CompiledRule> = {}): CompiledRule => ({
  id: `0pr${name}`,
  name,
  active: true,
  system: false,
  network: null,
  platform: null,
  identifier: null,
  dynamic: null,
  apps: { include: [], exclude: [] },
  providers: [provider('a')],
  presentation: null,
  enforce: false,
  ...more,
});
const office: RuleZone = { name: 'Office', contains: (ip) => ip === '192.0.2.1' };
const home: RuleZone = { name: 'Home', contains: () => false };
const zones = (include: RuleZone[], exclude: RuleZone[] = []) => ({
  network: { include, exclude, namesZones: include.length > 0 },
});
const phones: CompiledPlatform = { objection: (userAgent) => (userAgent === 'phone' ? null : 'no phone') };
const last = rule('Default Rule', { system: true, providers: [local] });

describe('which rule a sign-in takes', () => {
  const rows: [string, CompiledRule[], string | null, string, 'PAGE' | 'REDIRECT'][] = [
    ['the first that fits', [rule('one'), rule('two'), last], 'x', 'one', 'REDIRECT'],
    ['the default rule when there is no other', [last], 'x', 'Default Rule', 'PAGE'],
    ['not an inactive one', [rule('one', { active: false }), last], 'x', 'Default Rule', 'PAGE'],
    [
      'not one for another application',
      [rule('one', { apps: { include: ['y'], exclude: [] } }), last],
      'x',
      'Default Rule',
      'PAGE',
    ],
    [
      'one for this application',
      [rule('one', { apps: { include: ['y', 'x'], exclude: [] } }), last],
      'x',
      'one',
      'REDIRECT',
    ],
    [
      'not one that excepts this application',
      [rule('one', { apps: { include: [], exclude: ['x'] } }), last],
      'x',
      'Default Rule',
      'PAGE',
    ],
    [
      'not one that names and excepts it',
      [rule('one', { apps: { include: ['x'], exclude: ['x'] } }), last],
      'x',
      'Default Rule',
      'PAGE',
    ],
    ['for the portal, one for everything', [rule('one'), last], null, 'one', 'PAGE'],
    [
      'for the portal, none for certain applications',
      [rule('one', { apps: { include: ['x'], exclude: [] } }), last],
      null,
      'Default Rule',
      'PAGE',
    ],
    [
      'for the portal, one that excepts an application',
      [rule('one', { apps: { include: [], exclude: ['x'] } }), last],
      null,
      'one',
      'PAGE',
    ],
    [
      'not one without a usable provider',
      [rule('one', { providers: [provider('a', 'inactive')] }), rule('two'), last],
      'x',
      'two',
      'REDIRECT',
    ],
    [
      'one with a usable provider left, which is then the only one',
      [rule('one', { providers: [provider('a', 'deleted'), provider('b')] }), last],
      'x',
      'one',
      'REDIRECT',
    ],
    ['a page for a choice', [rule('one', { providers: [provider('a'), provider('b')] }), last], 'x', 'one', 'PAGE'],
    [
      'a page for a choice, whatever the rule says',
      [rule('one', { providers: [provider('a'), local], presentation: 'REDIRECT' }), last],
      'x',
      'one',
      'PAGE',
    ],
    ['a page where the rule says so', [rule('one', { presentation: 'PAGE' }), last], 'x', 'one', 'PAGE'],
    [
      'no page for the portal where the rule says so',
      [rule('one', { presentation: 'REDIRECT' }), last],
      null,
      'one',
      'REDIRECT',
    ],
    ['one for the zone that the address is in', [rule('one', zones([home, office])), last], 'x', 'one', 'REDIRECT'],
    ['not one for another zone', [rule('one', zones([home])), last], 'x', 'Default Rule', 'PAGE'],
    ['not one that leaves this zone out', [rule('one', zones([], [office])), last], 'x', 'Default Rule', 'PAGE'],
    ['one that leaves another zone out', [rule('one', zones([], [home])), last], 'x', 'one', 'REDIRECT'],
    [
      'not one within a zone but for a part of it',
      [rule('one', zones([office], [office])), last],
      'x',
      'Default Rule',
      'PAGE',
    ],
    [
      'not one whose zones are all inactive',
      [rule('one', { network: { include: [], exclude: [], namesZones: true } }), last],
      'x',
      'Default Rule',
      'PAGE',
    ],
    ['a page for the local sign-in', [rule('one', { providers: [local] }), last], 'x', 'one', 'PAGE'],
    ['the local sign-in without any rule', [], 'x', 'Local sign-in', 'PAGE'],
  ];
  it.each(rows)('%s', (_name, rules, appId, chosen, presentation) => {
    const decision = evaluate(rules, from(appId));
    expect([decision.rule.name, decision.presentation]).toEqual([chosen, presentation]);
  });
});

describe('what is said of the rules that were passed over', () => {
  it('names the zone that the address is in, or in none of which it is', () => {
    const rules = [rule('a', zones([home])), rule('b', zones([], [office])), rule('c', zones([office])), last];
    expect(evaluate(rules, from('x')).considered.map(({ why }) => why)).toEqual([
      expect.stringContaining(`192.0.2.1 is in none of the rule's zones: "Home"`),
      expect.stringContaining('192.0.2.1 is in the zone "Office", which the rule leaves out'),
      expect.stringContaining('192.0.2.1 is in the zone "Office"'),
      expect.stringContaining('not reached'),
    ]);
  });

  it('names the cause of each: inactive, for others, no provider, not reached', () => {
    const rules = [
      rule('saved', { active: false }),
      rule('others', { apps: { include: ['y'], exclude: [] } }),
      rule('broken', { providers: [provider('a', 'inactive')] }),
      rule('chosen', { providers: [provider('b'), provider('c', 'inactive')], enforce: true }),
      last,
    ];
    const decision = evaluate(rules, from('x'));
    expect(decision.considered.map(({ name, matched }) => [name, matched])).toEqual([
      ['saved', false],
      ['others', false],
      ['broken', false],
      ['chosen', true],
      ['Default Rule', false],
    ]);
    expect(decision.considered.map(({ why }) => why)).toEqual([
      expect.stringContaining('inactive'),
      expect.stringContaining('not among'),
      expect.stringContaining('IdP a (inactive)'),
      expect.stringContaining('left out: IdP c (inactive)'),
      expect.stringContaining('"chosen"'),
    ]);
    expect(decision).toMatchObject({ providers: [{ type: 'OIDC', id: 'b' }], enforce: true });
  });
});

describe('for every list of rules', () => {
  const anyProvider = fc.oneof(
    fc.constant(local),
    fc.record({
      type: fc.constantFrom('OIDC' as const, 'SAML2' as const),
      id: fc.constantFrom('a', 'b', 'c'),
      name: fc.constant('n'),
      unusable: fc.constantFrom(null, 'inactive', 'deleted'),
    }),
  );
  const anyRule = fc.record({
    id: fc.uuid(),
    name: fc.string(),
    active: fc.boolean(),
    system: fc.constant(false),
    network: fc.constantFrom(
      null,
      { include: [office], exclude: [], namesZones: true },
      { include: [], exclude: [office], namesZones: false },
    ),
    platform: fc.constantFrom(null, phones),
    identifier: fc.constant(null),
    dynamic: fc.constant(null),
    apps: fc.record({ include: fc.array(fc.constantFrom('x', 'y')), exclude: fc.array(fc.constantFrom('x', 'y')) }),
    providers: fc.array(anyProvider, { maxLength: 4 }),
    presentation: fc.constantFrom(null, 'PAGE' as const, 'REDIRECT' as const),
    enforce: fc.boolean(),
  });
  const anyContext = fc.constantFrom('x', 'y', 'z', null).map(from);
  const cases = fc.tuple(fc.array(anyRule, { maxLength: 8 }), anyContext);

  it('one rule at most is chosen, it is active, and it leads to usable providers of its own', () => {
    fc.assert(
      fc.property(cases, ([rules, context]) => {
        const decision = evaluate([...rules, last], context);
        const matched = decision.considered.filter((item) => item.matched);
        expect(matched.map((item) => item.ruleId)).toEqual([decision.rule.id]);
        const chosen = [...rules, last].find(({ id }) => id === decision.rule.id)!;
        expect(chosen.active).toBe(true);
        expect(decision.providers.length).toBeGreaterThan(0);
        for (const { type, id } of decision.providers) {
          expect(
            chosen.providers.some(
              (own) => own.type === type && ('id' in own ? own.id : undefined) === id && own.unusable === null,
            ),
          ).toBe(true);
        }
      }),
    );
  });

  it('nobody leaves without a page unless exactly one provider is left', () => {
    fc.assert(
      fc.property(cases, ([rules, context]) => {
        const { presentation, providers } = evaluate([...rules, last], context);
        if (presentation === 'REDIRECT') expect(providers.map(({ type }) => type === 'OKTA')).toEqual([false]);
      }),
    );
  });

  it('a rule behind the chosen one changes nothing, and every rule is accounted for', () => {
    fc.assert(
      fc.property(cases, anyRule, ([rules, context], more) => {
        const before = evaluate([...rules, last], context);
        const index = [...rules, last].findIndex(({ id }) => id === before.rule.id);
        const longer = [...rules, last].toSpliced(index + 1, 0, more);
        const { considered, ...after } = evaluate(longer, context);
        expect(after).toEqual({
          needs: null,
          rule: before.rule,
          providers: before.providers,
          presentation: before.presentation,
          enforce: before.enforce,
        });
        expect(considered.map(({ ruleId }) => ruleId)).toEqual(longer.map(({ id }) => id));
      }),
    );
  });
});

describe('a rule that asks who it is', () => {
  const by = (condition: IdentifierCondition) => ({ identifier: compileIdentifier(condition) });
  const byDomain = by({ type: 'IDENTIFIER', patterns: [{ matchType: 'SUFFIX', value: 'example.com' }] });
  const byAttribute = by({
    type: 'ATTRIBUTE',
    attribute: 'byndidRegistered',
    patterns: [{ matchType: 'EQUALS', value: 'true' }],
  });
  const here = (more: Partial<RouteContext>) => ({ ...from(null), ...more });

  it('waits for the user name, and decides by it', () => {
    const rules = [rule('domain', byDomain), last];
    const waiting = evaluate(rules, here({}));
    expect([waiting.needs, waiting.providers, waiting.considered.map(({ matched }) => matched)]).toEqual([
      'login',
      [],
      [false, false],
    ]);
    const fits = evaluate(rules, here({ login: 'ada@Example.com' }));
    expect([fits.needs, fits.rule.name, fits.presentation]).toEqual([null, 'domain', 'REDIRECT']);
    expect(evaluate(rules, here({ login: 'ada@sub.example.com' })).rule.name).toBe('Default Rule');
  });

  it('asks nobody on behalf of a rule that does not apply anyway, nor behind one that does', () => {
    const elsewhere = rule('elsewhere', { ...byDomain, apps: { include: ['y'], exclude: [] } });
    const unusable = rule('unusable', { ...byDomain, providers: [provider('a', 'inactive')] });
    const inactive = rule('inactive', { ...byDomain, active: false });
    expect(
      evaluate([elsewhere, unusable, inactive, rule('all'), rule('behind', byDomain), last], here({})),
    ).toMatchObject({
      needs: null,
      rule: { name: 'all' },
    });
  });

  it('looks the person up only when it is about an attribute', () => {
    const rules = [rule('registered', byAttribute), last];
    expect(evaluate(rules, here({ login: 'ada@example.com' })).needs).toBe('person');
    const chosen = (person: Record<string, boolean | string | null> | null) =>
      evaluate(rules, here({ login: 'ada@example.com', person })).rule.name;
    expect(chosen({ byndidRegistered: true })).toBe('registered');
    expect(chosen({ byndidRegistered: 'true' })).toBe('registered');
    for (const other of [{ byndidRegistered: false }, { byndidRegistered: 'True' }, { byndidRegistered: null }, null])
      expect(chosen(other)).toBe('Default Rule');
  });

  it('finds the provider by the name that the user name leads to', () => {
    const dynamic = (fallBack: boolean): DynamicChoice => ({
      fallBack,
      mayChoose: (id) => id === 'a',
      choose: (login) =>
        login.endsWith('@a.example')
          ? { provider: provider('a') }
          : { why: 'no identity provider is called "b.example"' },
    });
    const rules = (fallBack: boolean) => [
      rule('dynamic', { dynamic: dynamic(fallBack), providers: [] }),
      rule('next'),
      last,
    ];
    expect(evaluate(rules(false), here({})).needs).toBe('login');
    expect(evaluate(rules(false), here({ login: 'x@a.example' }))).toMatchObject({
      rule: { name: 'dynamic' },
      providers: [{ type: 'OIDC', id: 'a' }],
    });
    expect(evaluate(rules(false), here({ login: 'x@b.example' })).rule.name).toBe('next');
    expect(evaluate(rules(true), here({ login: 'x@b.example' }))).toMatchObject({
      rule: { name: 'dynamic' },
      providers: [{ type: 'OKTA' }],
      presentation: 'PAGE',
    });
    expect([stillOffers(rules(false), '0prdynamic', 'a'), stillOffers(rules(false), '0prdynamic', 'b')]).toEqual([
      true,
      false,
    ]);
  });

  it('always comes to an end: with a user name and a person nothing more is needed', () => {
    const conditions = fc.constantFrom<IdentifierCondition | null>(
      null,
      { type: 'IDENTIFIER', patterns: [{ matchType: 'CONTAINS', value: 'a' }] },
      { type: 'ATTRIBUTE', attribute: 'city', patterns: [{ matchType: 'EXPRESSION', value: 'B.*' }] },
    );
    const rules = fc.array(
      conditions.map((condition) => rule(JSON.stringify(condition), condition === null ? {} : by(condition))),
    );
    const people = fc.option(fc.record({ city: fc.option(fc.constantFrom('Bern', 'Rom')) }));
    fc.assert(
      fc.property(rules, fc.emailAddress(), people, (some, login, person) => {
        const all = [...some, last];
        const known = evaluate(all, here({ login, person }));
        expect(known.needs).toBeNull();
        expect(known.considered.filter(({ matched }) => matched)).toHaveLength(1);
        const unknown = evaluate(all, here({}));
        const first = some.findIndex(({ identifier }) => identifier !== null);
        const open = some.findIndex(({ identifier }) => identifier === null);
        expect(unknown.needs).toBe(first >= 0 && (open < 0 || first < open) ? 'login' : null);
      }),
    );
  });
});
