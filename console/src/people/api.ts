/** What the screens of people ask of the hub. */
import { useQuery } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useChange, useList, useObject, usePages, type Versioned } from '../api/hooks.ts';
import type {
  Application,
  Group,
  IdentityProvider,
  LinkedUser,
  Profile,
  SignIn,
  User,
  UserInput,
  ValueOrigin,
} from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/users';
const KEY = ['people'];

export function usePeople({ q, status }: { q: string; status: string }) {
  const filter = status === '' ? null : `status eq "${status}"`;
  return usePages<User>([...KEY, 'list', q, status], `${BASE}${query({ q, filter, limit: q === '' ? 50 : null })}`);
}

export function usePerson(id: string) {
  return useObject<User>([...KEY, id], `${BASE}/${id}`, { enabled: id !== '' });
}

export function useAddPerson() {
  return useChange(
    async ({ input, activate, changeNext }: { input: UserInput; activate: boolean; changeNext: boolean }) =>
      (
        await request<User>(
          'POST',
          `${BASE}${query({ activate: String(activate), nextLogin: changeNext ? 'changePassword' : null })}`,
          { body: input },
        )
      ).body,
    { done: texts.added, showsErrors: true, outdates: [KEY] },
  );
}

export function useSaveProfile(id: string) {
  return useChange(
    ({ value, etag }: Versioned<Profile>) => request<User>('POST', `${BASE}/${id}`, { body: { profile: value }, etag }),
    { done: texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

export type Step =
  | 'activate'
  | 'reactivate'
  | 'deactivate'
  | 'suspend'
  | 'unsuspend'
  | 'unlock'
  | 'reset_password'
  | 'expire_password'
  | 'expire_password_with_temp_password';

/** What a step hands over, to be given to the person. */
export interface Handed {
  activationUrl?: string;
  resetPasswordUrl?: string;
  tempPassword?: string;
}

const WITH_LINK: ReadonlySet<Step> = new Set(['activate', 'reactivate', 'reset_password']);

/** Links are shown to the administrator instead of being mailed: so they work without a mail server too. */
export function useLifecycle(id: string) {
  return useChange(
    async (step: Step) =>
      (await request<Handed>('POST', `${BASE}/${id}/lifecycle/${step}${WITH_LINK.has(step) ? '?sendEmail=false' : ''}`))
        .body,
    { done: texts.switched, outdates: [KEY] },
  );
}

export function useClearSessions(id: string) {
  return useChange(() => request<null>('DELETE', `${BASE}/${id}/sessions?oauthTokens=true`), {
    done: texts.clear.done,
    outdates: [KEY],
  });
}

export function useDeletePerson(id: string) {
  return useChange(() => request<null>('DELETE', `${BASE}/${id}`), {
    done: texts.deleted,
    outdates: [[...KEY, 'list']],
  });
}

export function useProvenanceOf(id: string) {
  return useQuery({
    queryKey: [...KEY, id, 'provenance'],
    queryFn: async ({ signal }) =>
      (await request<{ attributes: ValueOrigin[] }>('GET', `/api/gatehouse/v1/users/${id}/provenance`, { signal }))
        .body,
  });
}

export function useProvidersOf(id: string) {
  return useList<IdentityProvider>([...KEY, id, 'providers'], `${BASE}/${id}/idps`);
}

export function useLinkOf(id: string, providerId: string) {
  return useQuery({
    queryKey: [...KEY, id, 'providers', providerId],
    queryFn: async ({ signal }) =>
      (await request<LinkedUser>('GET', `/api/v1/idps/${providerId}/users/${id}`, { signal })).body,
  });
}

export function useGroupsOf(id: string) {
  return useList<Group>([...KEY, id, 'groups'], `${BASE}/${id}/groups`);
}

export function useApplicationsOf(id: string) {
  return useList<Application>(
    [...KEY, id, 'applications'],
    `/api/v1/apps${query({ filter: `user.id eq "${id}"`, limit: 200 })}`,
  );
}

export function useSignInsOf(id: string) {
  return useList<SignIn>([...KEY, id, 'sign-ins'], `/api/gatehouse/v1/sign-ins${query({ userId: id, limit: 10 })}`);
}

/** People whose name or address begins with what was typed. */
export function usePeopleOptions(typed: string) {
  const people = useList<User>(['people', 'options', typed], `/api/v1/users${query({ q: typed, limit: 10 })}`);
  return {
    loading: people.isFetching,
    options: (people.data ?? []).map((user) => ({ value: user.id, label: String(user.profile.login) })),
  };
}
