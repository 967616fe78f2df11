/** Event hooks: the body that clients send (contract §9). Rules between fields are read-hook.ts's. */
import Type, { type Static } from 'typebox';

const nullable = <T>(type: string, extra: object = {}) =>
  Type.Optional(Type.Unsafe<T | null>({ type: [type, 'null'], ...extra }));
const text = (maxLength: number) => ({ type: 'string', maxLength });

export const MOST_EVENT_TYPES = 300;

/** Fields that are not named here are ignored. */
export const EventHookBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255, pattern: '\\S' }),
  description: nullable<string>('string', { maxLength: 1000 }),
  events: Type.Object({
    type: Type.String({ maxLength: 50 }),
    items: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: MOST_EVENT_TYPES }),
    filter: nullable<SentFilter>('object', {
      properties: {
        type: text(50),
        eventFilterMap: {
          type: 'array',
          maxItems: MOST_EVENT_TYPES,
          items: {
            type: 'object',
            properties: {
              event: text(200),
              condition: {
                type: 'object',
                properties: { expression: text(4096), version: { type: ['string', 'null'], maxLength: 20 } },
                required: ['expression'],
              },
            },
            required: ['event', 'condition'],
          },
        },
      },
      required: ['type', 'eventFilterMap'],
    }),
  }),
  channel: Type.Object({
    type: Type.String({ maxLength: 20 }),
    version: nullable<string>('string', { maxLength: 20 }),
    config: Type.Object({
      uri: Type.String({ minLength: 1, maxLength: 1024 }),
      method: nullable<string>('string', { maxLength: 10 }),
      headers: nullable<SentHeader[]>('array', {
        maxItems: 20,
        items: { type: 'object', properties: { key: text(128), value: text(4096) }, required: ['key', 'value'] },
      }),
      authScheme: nullable<SentAuthScheme>('object', {
        properties: {
          type: { type: ['string', 'null'], maxLength: 20 },
          key: { type: ['string', 'null'], maxLength: 128 },
          value: { type: ['string', 'null'], maxLength: 4096 },
        },
      }),
    }),
  }),
});
export type EventHookBody = Static<typeof EventHookBody>;

export interface SentHeader {
  key: string;
  value: string;
}
interface SentAuthScheme {
  type?: string | null;
  key?: string | null;
  value?: string | null;
}
interface SentFilter {
  type: string;
  eventFilterMap: { event: string; condition: { expression: string; version?: string | null } }[];
}

/** The `filter` column: one expression an event type at most. */
export type HookFilter = { event: string; expression: string }[];
