import { expect, test } from 'vitest';
import type { EventHook } from '../contract.ts';
import { EMPTY, fromWire, toWire, validate } from './values.ts';

const filter = {
  type: 'EXPRESSION_LANGUAGE' as const,
  eventFilterMap: [
    { event: 'user.lifecycle.suspend', condition: { version: null, expression: 'true' } },
    { event: 'user.lifecycle.create', condition: { version: null, expression: 'true' } },
  ],
};
const hook: EventHook = {
  id: 'who1',
  status: 'ACTIVE',
  verificationStatus: 'VERIFIED',
  name: 'Provisioning',
  description: 'Set by a script',
  created: '2026-01-01T00:00:00.000Z',
  createdBy: '00u1',
  lastUpdated: '2026-01-01T00:00:00.000Z',
  events: { type: 'EVENT_TYPE', items: ['user.lifecycle.suspend', 'user.lifecycle.create'], filter },
  channel: {
    type: 'HTTP',
    version: '1.0.0',
    config: {
      uri: 'https://api.example.com/events',
      headers: [{ key: 'X-Other', value: 'a: b' }],
      method: 'POST',
      authScheme: { type: 'HEADER', key: 'Authorization' },
    },
  },
  _links: {
    self: { href: 'https://hub.example.com/api/v1/eventHooks/who1' },
    verify: { href: 'https://hub.example.com/api/v1/eventHooks/who1/lifecycle/verify', hints: { allow: ['POST'] } },
  },
};

test('a hook that nobody changed is sent as it came, without a secret', () => {
  const sent = toWire(fromWire(hook), hook);
  const { name, description, events } = hook;
  expect(sent).toMatchObject({ name, description, events });
  expect(sent.channel.config).toEqual({
    uri: 'https://api.example.com/events',
    headers: [{ key: 'X-Other', value: 'a: b' }],
    authScheme: { type: 'HEADER', key: 'Authorization' },
  });
});

test('a filter goes with the event that it is for', () => {
  const sent = toWire({ ...fromWire(hook), events: ['user.lifecycle.create'] }, hook);
  expect(sent.events.filter?.eventFilterMap.map(({ event }) => event)).toEqual(['user.lifecycle.create']);
  expect(toWire({ ...fromWire(hook), events: ['user.lifecycle.delete.initiated'] }, hook).events.filter).toBeNull();
});

test('without an authentication field no secret is sent', () => {
  expect(toWire({ ...EMPTY, authKey: ' ', secret: 's' }).channel.config.authScheme).toBeNull();
});

test('what is missing or unreadable is said at its field', () => {
  expect(Object.keys(validate(EMPTY)).sort()).toEqual(['events', 'name', 'uri']);
  expect(
    validate({ ...EMPTY, name: 'x', uri: 'https://x.example', events: ['y'], headers: 'no colon' }),
  ).toHaveProperty('headers');
});
