/** What the screens of groups ask of the hub. */
import { query, request } from '../api/client.ts';
import { useChange, useList, useObject, usePages } from '../api/hooks.ts';
import type { Application, Group, GroupMember, User } from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/groups';
const KEY = ['groups'];

export function useGroups(q: string) {
  return usePages<Group>([...KEY, 'list', q], `${BASE}${query({ q, limit: 50 })}`);
}

export function useGroup(id: string) {
  return useObject<Group>([...KEY, id], `${BASE}/${id}`, { enabled: id !== '' });
}

export function useMembers(id: string) {
  return usePages<User>([...KEY, id, 'members'], `${BASE}/${id}/users?limit=50`);
}

/** The members with how each came; Everyone's are computed and have none. */
export function useOrigins(id: string) {
  const path = `/api/gatehouse/v1/groups/${id}/members?limit=50`;
  return usePages<GroupMember>([...KEY, id, 'origins'], path);
}

export function useApplicationsOfGroup(id: string) {
  return useList<Application>([...KEY, id, 'applications'], `${BASE}/${id}/apps?limit=200`);
}

export function useAddGroup() {
  return useChange(
    async (profile: Group['profile']) => (await request<Group>('POST', BASE, { body: { profile } })).body,
    { done: texts.added, showsErrors: true, outdates: [KEY] },
  );
}

export function useSaveGroup(id: string) {
  return useChange((profile: Group['profile']) => request<Group>('PUT', `${BASE}/${id}`, { body: { profile } }), {
    done: texts.saved,
    showsErrors: true,
    outdates: [KEY],
  });
}

export function useDeleteGroup(id: string) {
  return useChange(() => request<null>('DELETE', `${BASE}/${id}`), {
    done: texts.deleted,
    outdates: [
      [...KEY, 'list'],
      [...KEY, 'choices'],
    ],
  });
}

export function useMembership(id: string) {
  return useChange(
    ({ userId, member }: { userId: string; member: boolean }) =>
      request<null>(member ? 'PUT' : 'DELETE', `${BASE}/${id}/users/${userId}`),
    { done: texts.membershipChanged, outdates: [[...KEY, id], ['people'], ['applications']] },
  );
}

export function useGroupOptions(typed: string, type?: Group['type']) {
  const groups = useList<Group>(['groups', 'options', typed], `/api/v1/groups${query({ q: typed, limit: 10 })}`);
  return {
    loading: groups.isFetching,
    options: (groups.data ?? [])
      .filter((group) => type === undefined || group.type === type)
      .map((group) => ({ value: group.id, label: group.profile.name })),
  };
}

/** Groups whose members a rule may choose. */
export const useTargetOptions = (typed: string) => useGroupOptions(typed, 'OKTA_GROUP');

export function useGroupChoices() {
  return useList<Group>(['groups', 'choices'], '/api/v1/groups?limit=200');
}
