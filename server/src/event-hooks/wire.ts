/** Event hooks as `/api/v1/eventHooks` sends them (contract §9); the secret is never among it. Pure. */
import { PRODUCT } from '../shared/product.ts';
import { EVENT_TYPES, type EventType } from '../system-log/index.ts';
import type { Delivery } from './delivery/store.ts';
import type { EventHook } from './store.ts';

export type EventHookWire = ReturnType<typeof hookToWire>;

export function hookToWire(hook: EventHook, baseUrl: string) {
  const self = `${baseUrl}/api/v1/eventHooks/${hook.id}`;
  const verb = hook.status === 'ACTIVE' ? 'deactivate' : 'activate';
  const post = (path: string) => ({ href: `${self}/lifecycle/${path}`, hints: { allow: ['POST'] } });
  return {
    id: hook.id,
    status: hook.status,
    verificationStatus: hook.verificationStatus,
    name: hook.name,
    description: hook.description,
    created: hook.created.toISOString(),
    createdBy: hook.createdBy,
    lastUpdated: hook.lastUpdated.toISOString(),
    events: { type: 'EVENT_TYPE' as const, items: hook.events, filter: filterToWire(hook.filter) },
    channel: {
      type: 'HTTP' as const,
      version: '1.0.0' as const,
      config: {
        uri: hook.uri,
        headers: hook.headers,
        method: 'POST' as const,
        authScheme: hook.authKey === null ? null : { type: 'HEADER' as const, key: hook.authKey },
      },
    },
    _links: {
      self: { href: self },
      ...(hook.status === 'ACTIVE'
        ? { verify: post('verify') }
        : { delete: { href: self, hints: { allow: ['DELETE'] } } }),
      [verb]: post(verb),
    },
  };
}

function filterToWire(filter: EventHook['filter']) {
  if (filter === null) return null;
  const eventFilterMap = filter.map(({ event, expression }) => ({ event, condition: { version: null, expression } }));
  return { type: 'EXPRESSION_LANGUAGE' as const, eventFilterMap };
}

export type EventDeliveryWire = ReturnType<typeof deliveryToWire>;

export const deliveryToWire = (delivery: Delivery) => ({
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  published: delivery.published.toISOString(),
  subject: delivery.subject,
  status: delivery.status,
  attempts: delivery.attempts,
  /** Null where it is over. */
  nextAttempt: delivery.status === 'WAITING' ? delivery.nextAt.toISOString() : null,
  lastAttempt: delivery.lastAt?.toISOString() ?? null,
  lastStatus: delivery.lastStatus,
  problem: delivery.lastProblem,
});

/** What guides call the events that they subscribe to; the others go by the message that the System Log shows. */
const NAMES: Readonly<Record<string, string>> = {
  'group.user_membership.add': 'User Added to Group',
  'group.user_membership.remove': 'User Removed from Group',
  'user.lifecycle.suspend': 'User suspended',
  'user.lifecycle.unsuspend': 'User unsuspended',
  'user.lifecycle.create': 'User created',
  'user.lifecycle.activate': 'User activated',
  'user.lifecycle.deactivate': 'User deactivated',
  'user.lifecycle.delete.initiated': 'User deleted',
  'user.account.update_profile': 'User profile updated',
};

export interface EventTypeWire {
  type: string;
  name: string;
}

/** Every event type that a hook can subscribe to, by its name. */
export const subscribable = (): EventTypeWire[] =>
  Object.entries<EventType>(EVENT_TYPES)
    .filter(([, { hook }]) => hook)
    .map(([type, { displayMessage }]) => ({ type, name: NAMES[type] ?? displayMessage.replace('{product}', PRODUCT) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
