/** What the Profile Editor asks of the hub. The user profile has the id `user`, a provider's profile the provider's id. */
import { request } from '../api/client.ts';
import { useChange, useObject } from '../api/hooks.ts';
import type { ProfileSchema, SchemaChange, SchemaProperty } from '../contract.ts';
import { texts } from './texts.ts';

export const USER_PROFILE = 'user';

function pathOf(id: string): string {
  return id === USER_PROFILE ? '/api/v1/meta/schemas/user/default' : `/api/v1/meta/schemas/apps/${id}/default`;
}

export function useProfileSchema(id: string) {
  return useObject<ProfileSchema>(['profiles', id], pathOf(id));
}

/** Adds, replaces or (with null) removes custom attributes. */
export function useChangeAttributes(id: string) {
  return useChange(
    ({ properties, etag }: { properties: Record<string, SchemaProperty | null>; etag: string | null }) => {
      const body: SchemaChange = { definitions: { custom: { id: '#custom', type: 'object', properties } } };
      return request<ProfileSchema>('POST', pathOf(id), { body, etag });
    },
    { done: texts.saved, showsErrors: true, outdates: [['profiles']] },
  );
}
