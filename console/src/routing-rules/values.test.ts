import { expect, test } from 'vitest';
import type { RoutingRule } from '../contract.ts';
import { devicesOf, devicesToWire, personOf, personToWire } from './conditions.ts';
import { DYNAMIC, EMPTY, fromWire, type RuleValues, toWire, validate } from './values.ts';

const rule: RoutingRule = {
  id: '0pr1',
  name: 'Portal',
  status: 'ACTIVE',
  priority: 3,
  system: false,
  created: '2026-01-01T00:00:00.000Z',
  lastUpdated: '2026-01-01T00:00:00.000Z',
  type: 'IDP_DISCOVERY',
  conditions: {
    network: { connection: 'ZONE', include: ['nzo1'], exclude: ['nzo2'] },
    app: { include: [{ type: 'APP', id: '0oa1' }], exclude: [] },
    userIdentifier: { type: 'IDENTIFIER', patterns: [{ matchType: 'CONTAINS', value: '+work' }] },
    platform: { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] },
  },
  actions: {
    idp: {
      providers: [{ type: 'OIDC', id: '0oaP' }],
      idpSelectionType: 'SPECIFIC',
      presentation: 'PAGE',
      enforce: true,
    },
  },
  _links: { self: { href: 'https://hub.example.com', hints: { allow: ['GET'] } } },
};

test('a new rule comes first and fits always', () => {
  const sent = toWire({ ...EMPTY, name: 'First', provider: '0oaP' }, 'OIDC');
  expect(sent.priority).toBe(1);
  expect(sent.conditions?.network).toEqual({ connection: 'ANYWHERE' });
  expect(sent.conditions?.app).toEqual({ include: [], exclude: [] });
});

test('presentation is left out where it should be as usual', () => {
  expect(toWire({ ...EMPTY, provider: '0oaP' }, 'OIDC').actions.idp).not.toHaveProperty('presentation');
});

test('a change keeps the place of the rule and the conditions that the form does not show', () => {
  const sent = toWire({ ...fromWire(rule), name: 'Renamed' }, 'OIDC', rule);
  expect(sent).toMatchObject({ name: 'Renamed', priority: 3, conditions: rule.conditions });
});

test('signing in here needs no provider id', () => {
  expect(toWire({ ...EMPTY, provider: 'OKTA' }, 'OIDC').actions.idp.providers).toEqual([{ type: 'OKTA' }]);
});

test('zones stand on the side that the form says; on both they stay as they are', () => {
  const zones = (values: Partial<RuleValues>) =>
    toWire({ ...EMPTY, provider: 'OKTA', zones: ['nzo1'], ...values }, 'OIDC').conditions?.network;
  expect(zones({ network: 'IN' })).toEqual({ connection: 'ZONE', include: ['nzo1'], exclude: [] });
  expect(zones({ network: 'NOT_IN' })).toEqual({ connection: 'ZONE', include: [], exclude: ['nzo1'] });
  expect(zones({ network: 'ANYWHERE' })).toEqual({ connection: 'ANYWHERE' });
  const network = { connection: 'ZONE' as const, include: [], exclude: ['nzo2'] };
  expect(fromWire({ ...rule, conditions: { ...rule.conditions, network } })).toMatchObject({
    network: 'NOT_IN',
    zones: ['nzo2'],
  });
  expect(fromWire(rule)).toMatchObject({ network: 'KEPT', zones: [] });
});

test('a zone has to be named where one is asked for', () => {
  const values = { ...EMPTY, name: 'x', provider: 'OKTA' };
  expect(validate({ ...values, network: 'IN' })).toHaveProperty('zones');
  expect(validate({ ...values, network: 'IN', zones: ['nzo1'] })).toEqual({});
});

test.each([
  { patterns: [] },
  { type: 'IDENTIFIER', patterns: [{ matchType: 'EXPRESSION', value: '.*@example.com' }] },
  {
    type: 'IDENTIFIER',
    patterns: [
      { matchType: 'SUFFIX', value: 'a.example' },
      { matchType: 'SUFFIX', value: 'b.example' },
    ],
  },
  { type: 'ATTRIBUTE', attribute: 'byndidRegistered', patterns: [{ matchType: 'EQUALS', value: 'true' }] },
  { type: 'IDENTIFIER', patterns: [{ matchType: 'STARTS_WITH', value: 'adm-' }] },
] as RoutingRule['conditions']['userIdentifier'][])(
  'whom a rule is for comes back from the form as it was: %j',
  (wire) => {
    expect(personToWire(personOf(wire), wire)).toEqual(wire);
  },
);

test.each([
  { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] },
  {
    include: [
      { type: 'MOBILE', os: { type: 'IOS' } },
      { type: 'DESKTOP', os: { type: 'OSX' } },
    ],
    exclude: [],
  },
  { include: [{ type: 'OTHER', os: { type: 'OTHER', expression: 'curl' } }], exclude: [] },
  { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [{ type: 'MOBILE', os: { type: 'ANY' } }] },
] as RoutingRule['conditions']['platform'][])('devices come back from the form as they were: %j', (wire) => {
  expect(devicesToWire(devicesOf(wire), wire)).toEqual(wire);
});

test('a dynamic rule sends an expression and no provider', () => {
  const values = { ...EMPTY, name: 'x', provider: DYNAMIC };
  expect(validate(values)).toHaveProperty('expression');
  expect(toWire({ ...values, expression: ' login.identifier ' }, 'OIDC').actions.idp).toEqual({
    providers: [],
    idpSelectionType: 'DYNAMIC',
    matchCriteria: [{ providerExpression: 'login.identifier', propertyName: 'name' }],
    shouldFallBackToOkta: false,
    enforce: false,
  });
});

test('a condition on the person needs its value', () => {
  const values = { ...EMPTY, name: 'x', provider: 'OKTA' };
  expect(validate({ ...values, person: 'DOMAINS', domains: [' '] })).toHaveProperty('domains');
  expect(validate({ ...values, person: 'DOMAINS', domains: ['@example.com'] })).toHaveProperty('domains');
  expect(validate({ ...values, person: 'ATTRIBUTE' })).toMatchObject({
    attribute: expect.anything(),
    attributeValue: expect.anything(),
  });
  expect(validate({ ...values, person: 'ATTRIBUTE', attribute: 'city', attributeValue: 'Bern' })).toEqual({});
});
