/** Wire shapes of profile mappings (contract §6). */
import Type, { type Static } from 'typebox';
import type { Json } from '../shared/json.ts';

export const PUSH_STATUSES = ['PUSH', 'DONT_PUSH'] as const;
/** PUSH: at creation and at every update. DONT_PUSH: at creation only. */
export type PushStatus = (typeof PUSH_STATUSES)[number];

export interface StoredProperty {
  expression: string;
  pushStatus: PushStatus;
}
export type StoredProperties = Record<string, StoredProperty>;

const Property = Type.Unsafe<{ expression?: string | null; pushStatus?: PushStatus | null } | null>({
  type: ['object', 'null'],
  properties: {
    expression: { type: ['string', 'null'], maxLength: 4096 },
    pushStatus: { enum: [...PUSH_STATUSES, null] },
  },
});

/** Properties that are named are set; null, or an empty expression, removes one. */
export const MappingChange = Type.Object({
  properties: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Property)),
});
export type MappingChangeBody = Static<typeof MappingChange>;

/** 'appuser': the profile at an identity provider or application; 'user': the profile here. */
export type ProfileKind = 'appuser' | 'user';

/** A user, a profile as the source would send it, or both; `properties`: a draft over the stored mapping. */
export const PreviewInput = Type.Object({
  userId: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
  profile: Type.Optional(Type.Unsafe<Record<string, Json> | null>({ type: ['object', 'null'], maxProperties: 200 })),
  properties: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Property)),
});
export type PreviewBody = Static<typeof PreviewInput>;
