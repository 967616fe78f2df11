import { expect, test } from 'vitest';
import type { NetworkZone } from '../contract.ts';
import { addressesOf, EMPTY, fromWire, toWire, validate } from './values.ts';

const zone: NetworkZone = {
  type: 'IP',
  id: 'nzo1',
  name: 'Office',
  status: 'INACTIVE',
  usage: 'POLICY',
  system: false,
  created: '2026-01-01T00:00:00.000Z',
  lastUpdated: '2026-01-01T00:00:00.000Z',
  gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
  proxies: [{ type: 'RANGE', value: '2001:db8::1-2001:db8::9' }],
  _links: { self: { href: 'https://hub.example.com/api/v1/zones/nzo1', hints: { allow: ['GET'] } } },
};

test('a zone that nobody changed is sent as it came', () => {
  expect(toWire(fromWire(zone), zone)).toMatchObject({
    type: 'IP',
    name: 'Office',
    status: 'INACTIVE',
    usage: 'POLICY',
    gateways: zone.gateways,
    proxies: zone.proxies,
  });
});

test('addresses are pasted in many ways', () => {
  expect(
    addressesOf(' 192.0.2.1,192.0.2.0/24\n\n192.0.2.10 - 192.0.2.20 ').map(({ type, value }) => [type, value]),
  ).toEqual([
    ['CIDR', '192.0.2.1'],
    ['CIDR', '192.0.2.0/24'],
    ['RANGE', '192.0.2.10-192.0.2.20'],
  ]);
});

test('a blocklist has no proxies, and needs a gateway', () => {
  const values = { ...EMPTY, name: 'Bad', proxies: '192.0.2.1', block: true };
  expect(toWire(values)).toMatchObject({ usage: 'BLOCKLIST', proxies: [] });
  expect(validate(values, true, false)).toHaveProperty('gateways');
  expect(validate({ ...values, block: false }, true, false)).toEqual({});
});

test('what makes a dynamic zone stays', () => {
  const dynamic: NetworkZone = { ...zone, type: 'DYNAMIC', asns: ['23457'], locations: [], proxyType: null };
  expect(toWire({ ...fromWire(dynamic), name: 'Renamed' }, dynamic)).toMatchObject({
    type: 'DYNAMIC',
    name: 'Renamed',
    asns: ['23457'],
  });
  expect(validate(fromWire({ ...dynamic, gateways: [] }), false, false)).toEqual({});
});
