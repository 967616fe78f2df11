/** What a hook's address is sent (contract §9). Pure. */
import type { JsonObject } from '../../shared/json.ts';

export interface DeliveryBody {
  hookId: string;
  baseUrl: string;
  /** The same at every attempt: an address that got it before knows it by this and by the event's `uuid`. */
  deliveryId: string;
  event: JsonObject;
  at: Date;
}

export function deliveryBody({ hookId, baseUrl, deliveryId, event, at }: DeliveryBody): JsonObject {
  return {
    eventType: 'com.okta.event_hook',
    eventTypeVersion: '1.0',
    cloudEventsVersion: '0.1',
    source: `${baseUrl}/api/v1/eventHooks/${hookId}`,
    eventId: deliveryId,
    data: { events: [sentEvent(event, hookId)] },
    eventTime: at.toISOString(),
    contentType: 'application/json',
  };
}

/** As the System Log shows it, with the chain of addresses in `client` too, and the hook that it goes to. */
function sentEvent(event: JsonObject, hookId: string): JsonObject {
  const { client, request, debugContext } = event as {
    client: JsonObject | null;
    request: { ipChain: JsonObject[] };
    debugContext: { debugData: JsonObject };
  };
  return {
    ...event,
    client: client === null ? null : { ...client, ipChain: request.ipChain },
    debugContext: { ...debugContext, debugData: { ...debugContext.debugData, targetEventHookIds: hookId } },
    insertionTimestamp: null,
  };
}
