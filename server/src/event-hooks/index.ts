/**
 * event-hooks: addresses elsewhere that an administrator subscribes to events: their form, the secret that the calls carry, and the one
 * call that proves that the address wants them. It records no event itself; what happened is the System Log's. Level 3.
 */
export { eventHookRoutes } from './routes.ts';
export type { EventHookBody } from './schema.ts';
export { createEventHooks, type EventHooks } from './service.ts';
export { SEALED_SECRETS } from './store.ts';
export type { EventHookWire, EventTypeWire } from './wire.ts';
