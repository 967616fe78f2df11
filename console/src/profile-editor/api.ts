/**
 * What the Profile Editor asks of the hub. The default user profile has the id `user`, that of groups `group`, that of another user type
 * its schema's id (osc…), a provider's profile the provider's id.
 */
import { request } from '../api/client.ts';
import { useChange, useList, useObject } from '../api/hooks.ts';
import type { ProfileSchema, SchemaChange, SchemaProperty, UserType, UserTypeInput } from '../contract.ts';
import type { Whose } from './attribute/values.ts';
import { texts } from './texts.ts';

export const USER_PROFILE = 'user';
export const GROUP_PROFILE = 'group';

export function whoseProfile(id: string): Whose {
  if (id === GROUP_PROFILE) return 'group';
  return id === USER_PROFILE || id.startsWith('osc') ? 'user' : 'provider';
}

function pathOf(id: string): string {
  if (id === GROUP_PROFILE) return '/api/v1/meta/schemas/group/default';
  if (whoseProfile(id) === 'provider') return `/api/v1/meta/schemas/apps/${id}/default`;
  return `/api/v1/meta/schemas/user/${id === USER_PROFILE ? 'default' : id}`;
}

export function useProfileSchema(id: string) {
  return useObject<ProfileSchema>(['profiles', id], pathOf(id));
}

interface AttributeChange {
  /** Adds, replaces or (with null) removes custom attributes. */
  custom?: Record<string, SchemaProperty | null>;
  /** What is changed of base attributes. */
  base?: Record<string, Partial<SchemaProperty>>;
  etag: string | null;
}

export function useChangeAttributes(id: string) {
  return useChange(
    ({ custom, base, etag }: AttributeChange) => {
      const definitions: SchemaChange['definitions'] = {
        ...(custom === undefined ? {} : { custom: { id: '#custom', type: 'object', properties: custom } }),
        ...(base === undefined ? {} : { base: { id: '#base', type: 'object', properties: base } }),
      };
      return request<ProfileSchema>('POST', pathOf(id), { body: { definitions }, etag });
    },
    { done: texts.saved, showsErrors: true, outdates: [['profiles'], ['user-types']] },
  );
}

/** The default type first, each with the numbers of its users and attributes. */
export function useUserTypes() {
  return useList<UserType>(['user-types'], '/api/gatehouse/v1/user-types');
}

/** Where the profile of a user type is edited. */
export function profileIdOf(type: UserType): string {
  return type.default ? USER_PROFILE : schemaIdOf(type._links.schema.href);
}

/** The last segment of a link to a schema. */
export function schemaIdOf(href: string): string {
  return href.split('/').at(-1) ?? '';
}

export function useSaveUserType(id: string | null) {
  return useChange(
    async (input: UserTypeInput) =>
      (await request<UserType>('POST', `/api/v1/meta/types/user${id === null ? '' : `/${id}`}`, { body: input })).body,
    { done: texts.userType.saved, showsErrors: true, outdates: [['user-types'], ['profiles'], ['mappings']] },
  );
}

export function useDeleteUserType() {
  return useChange((id: string) => request<null>('DELETE', `/api/v1/meta/types/user/${id}`), {
    done: texts.userType.deleted,
    showsErrors: true,
    outdates: [['user-types'], ['mappings']],
  });
}
