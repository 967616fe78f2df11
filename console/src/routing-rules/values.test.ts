import { expect, test } from 'vitest';
import type { RoutingRule } from '../contract.ts';
import { EMPTY, fromWire, type RuleValues, toWire, validate } from './values.ts';

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
    userIdentifier: { patterns: [{ matchType: 'SUFFIX', value: 'example.com' }] },
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
