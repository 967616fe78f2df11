/**
 * An event as it is kept and as it is sent (contract §10.2). Most of an event's members are null, or the same for every event: they are
 * left out when it is kept, which halves what a sign-in writes, and filled in when it is read. A filter finds null where nothing is kept,
 * so it judges both forms alike; what is constant but not null is kept for its sake.
 */
import { isObject, type Json, type JsonObject } from '../shared/json.ts';

const PLACE: JsonObject = { city: null, state: null, country: null, postalCode: null, geolocation: null };

/** Every member of an event, in the order in which they are sent, with the value of one that is not kept. */
const WHOLE: JsonObject = {
  actor: { id: null, type: null, alternateId: null, displayName: null, detailEntry: null },
  client: null,
  device: null,
  authenticationContext: {
    authenticationProvider: null,
    credentialProvider: null,
    credentialType: null,
    issuer: null,
    interface: null,
    authenticationStep: 0,
    rootSessionId: null,
    externalSessionId: 'unknown',
  },
  displayMessage: null,
  eventType: null,
  outcome: { result: null, reason: null },
  published: null,
  securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
  severity: null,
  debugContext: { debugData: {} },
  legacyEventType: null,
  transaction: { type: null, id: null, detail: {} },
  uuid: null,
  version: '0',
  request: { ipChain: [] },
  target: [],
};

const WHOLE_CLIENT: JsonObject = {
  userAgent: null,
  device: null,
  zone: 'null',
  id: null,
  ipAddress: null,
  geographicalContext: PLACE,
};
const WHOLE_ADDRESS: JsonObject = { ip: null, geographicalContext: PLACE, version: null, source: null };

/** The event of a kept payload. */
export function wholeEvent(kept: JsonObject): JsonObject {
  const event = filled(WHOLE, kept);
  if (isObject(kept.client)) event.client = filled(WHOLE_CLIENT, kept.client as JsonObject);
  const { ipChain } = event.request as { ipChain: JsonObject[] };
  event.request = { ipChain: ipChain.map((address) => filled(WHOLE_ADDRESS, address)) };
  event.target = (event.target as JsonObject[]).map((target) => ({ ...target, detailEntry: null }));
  return event;
}

function filled(whole: JsonObject, kept: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(whole).map(([name, missing]): [string, Json] => {
      const value = kept[name] ?? missing;
      const nested = isObject(missing) && isObject(value) && Object.keys(missing).length > 0;
      return [name, nested ? filled(missing as JsonObject, value as JsonObject) : value];
    }),
  );
}
