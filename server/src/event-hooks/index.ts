/**
 * event-hooks: addresses elsewhere that an administrator subscribes to events: their form, the secret that the calls carry, and the one
 * call that proves that the address wants them; and the delivery of what the System Log holds for them. Level 3.
 */
export { createDeliveries, type Deliveries } from './delivery/deliveries.ts';
export { eventHookRoutes } from './routes.ts';
export type { EventHookBody } from './schema.ts';
export { createEventHooks, type EventHooks } from './service.ts';
export { SEALED_SECRETS } from './store.ts';
export type { EventDeliveryWire, EventHookWire, EventTypeWire } from './wire.ts';
