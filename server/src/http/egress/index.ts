/** The one outbound client of the hub (security.md §4.7): whom it may call, how long it waits, how much it reads. */
export { createEgress, type Egress, type EgressOptions, type EgressRequest, type EgressResponse } from './client.ts';
export type { EgressError, EgressErrorCode } from './errors.ts';
