/** What the screens of applications ask of the hub. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useChange, useList, useObject, usePages, type Versioned } from '../api/hooks.ts';
import type {
  Application,
  ApplicationGroup,
  ApplicationInput,
  ApplicationUser,
  ClientRole,
  ClientSecret,
  ScopeGrant,
} from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/apps';
const KEY = ['applications'];

export function useApplications({ q, status }: { q: string; status: string }) {
  const filter = status === '' ? null : `status eq "${status}"`;
  return usePages<Application>([...KEY, 'list', q, status], `${BASE}${query({ q, filter, limit: 50 })}`);
}

export function useApplication(id: string) {
  return useObject<Application>([...KEY, id], `${BASE}/${id}`, { enabled: id !== '' });
}

export interface NewApplication {
  input: ApplicationInput;
  /** Groups that it is assigned to at once. */
  groupIds: string[];
}

/** Creates the application, then assigns it. What could not be assigned is told beside the application, which exists by then. */
export function useCreateApplication() {
  const client = useQueryClient();
  return useChange(
    async ({ input, groupIds }: NewApplication) => {
      const application = (await request<Application>('POST', `${BASE}?activate=true`, { body: input })).body;
      client.setQueryData(secretKey(application.id), application.credentials.oauthClient.client_secret ?? null);
      const assigned = await Promise.allSettled(
        groupIds.map((groupId) => request('PUT', `${BASE}/${application.id}/groups/${groupId}`, { body: {} })),
      );
      const failed = assigned.find((result) => result.status === 'rejected');
      return { application, failed: failed === undefined ? null : (failed.reason as unknown) };
    },
    {
      done: texts.created,
      showsErrors: true,
      outdates: [
        [...KEY, 'list'],
        [...KEY, 'choices'],
      ],
    },
  );
}

export function useReplaceApplication(id: string) {
  return useChange(
    ({ value, etag }: Versioned<ApplicationInput>) =>
      request<Application>('PUT', `${BASE}/${id}`, { body: value, etag }),
    { done: texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

export function useSwitchApplication() {
  return useChange(
    ({ id, to }: { id: string; to: 'activate' | 'deactivate' }) =>
      request<unknown>('POST', `${BASE}/${id}/lifecycle/${to}`),
    { done: texts.switched, outdates: [KEY] },
  );
}

export function useDeleteApplication() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), {
    done: texts.deleted,
    outdates: [
      [...KEY, 'list'],
      [...KEY, 'choices'],
    ],
  });
}

const secretKey = (id: string) => ['client-secret', id];

/** The secret that was made a moment ago, kept in this page's memory alone. */
export function useFreshSecret(id: string): string | null {
  return useQuery<string | null>({ queryKey: secretKey(id), queryFn: () => null, enabled: false }).data ?? null;
}

export function useSecrets(id: string, enabled: boolean) {
  return useList<ClientSecret>([...KEY, id, 'secrets'], `${BASE}/${id}/credentials/secrets`, { enabled });
}

export function useRenewSecret(id: string) {
  const client = useQueryClient();
  return useChange(
    async () => {
      const { body } = await request<ClientSecret>('POST', `${BASE}/${id}/credentials/secrets`);
      client.setQueryData(secretKey(id), body.client_secret);
    },
    { done: texts.secret.renewed, outdates: [[...KEY, id]] },
  );
}

export function useAssignedPeople(id: string) {
  return usePages<ApplicationUser>([...KEY, id, 'people'], `${BASE}/${id}/users?limit=50`);
}

export function useAssignedGroups(id: string) {
  return usePages<ApplicationGroup>([...KEY, id, 'groups'], `${BASE}/${id}/groups?limit=50`);
}

export function useAssignPerson(id: string) {
  return useChange(
    (userId: string) => request<unknown>('POST', `${BASE}/${id}/users`, { body: { id: userId, scope: 'USER' } }),
    {
      done: texts.assignments.done,
      outdates: [[...KEY, id], ['people']],
    },
  );
}

export function useUnassignPerson(id: string) {
  return useChange((userId: string) => request<null>('DELETE', `${BASE}/${id}/users/${userId}`), {
    done: texts.assignments.undone,
    outdates: [[...KEY, id], ['people']],
  });
}

export function useAssignGroup(id: string) {
  return useChange((groupId: string) => request<unknown>('PUT', `${BASE}/${id}/groups/${groupId}`, { body: {} }), {
    done: texts.assignments.done,
    outdates: [[...KEY, id], ['groups'], ['people']],
  });
}

export function useUnassignGroup(id: string) {
  return useChange((groupId: string) => request<null>('DELETE', `${BASE}/${id}/groups/${groupId}`), {
    done: texts.assignments.undone,
    outdates: [[...KEY, id], ['groups'], ['people']],
  });
}

/** Every scope of the management API. */
export function useApiScopes() {
  return useList<string>(['api-scopes'], '/api/gatehouse/v1/api-scopes');
}

export function useScopeGrants(id: string) {
  return useList<ScopeGrant>([...KEY, id, 'grants'], `${BASE}/${id}/grants`);
}

export function useGrantScope(id: string) {
  return useChange((scopeId: string) => request<ScopeGrant>('POST', `${BASE}/${id}/grants`, { body: { scopeId } }), {
    done: texts.scopes.done,
    outdates: [[...KEY, id, 'grants']],
  });
}

export function useRevokeScope(id: string) {
  return useChange((grantId: string) => request<null>('DELETE', `${BASE}/${id}/grants/${grantId}`), {
    done: texts.scopes.undone,
    outdates: [[...KEY, id, 'grants']],
  });
}

const rolesOf = (id: string) => `/oauth2/v1/clients/${id}/roles`;

export function useClientRoles(id: string) {
  return useList<ClientRole>([...KEY, id, 'roles'], rolesOf(id));
}

export function useGiveRole(id: string) {
  return useChange((type: string) => request<ClientRole>('POST', rolesOf(id), { body: { type } }), {
    done: texts.roles.done,
    outdates: [[...KEY, id, 'roles']],
  });
}

export function useTakeRole(id: string) {
  return useChange((roleId: string) => request<null>('DELETE', `${rolesOf(id)}/${roleId}`), {
    done: texts.roles.undone,
    outdates: [[...KEY, id, 'roles']],
  });
}
