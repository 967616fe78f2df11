/** What the screens of identity providers ask of the hub. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useChange, useList, useObject, usePages, type Versioned } from '../api/hooks.ts';
import type {
  IdentityProvider,
  IdentityProviderInput,
  LinkedUser,
  LintFinding,
  MappingChange,
  Preview,
  PreviewInput,
  ProfileMapping,
  ProviderPreset,
} from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/idps';
const KEY = ['identity-providers'];

export function useIdentityProviders(filter: { q?: string; type?: string } = {}) {
  return usePages<IdentityProvider>([...KEY, 'list', filter], `${BASE}${query({ ...filter, limit: 50 })}`);
}

/** All providers that a choice can offer. */
export function useProviderChoices() {
  return useList<IdentityProvider>([...KEY, 'choices'], `${BASE}?limit=200`);
}

export function useIdentityProvider(id: string) {
  return useObject<IdentityProvider>([...KEY, id], `${BASE}/${id}`, { enabled: id !== '' });
}

export function useCreateProvider() {
  return useChange(
    async (input: IdentityProviderInput) => (await request<IdentityProvider>('POST', BASE, { body: input })).body,
    {
      done: texts.created,
      showsErrors: true,
      outdates: [KEY, ['mappings']],
    },
  );
}

export function useReplaceProvider(id: string) {
  return useChange(
    ({ value, etag }: Versioned<IdentityProviderInput>) =>
      request<IdentityProvider>('PUT', `${BASE}/${id}`, { body: value, etag }),
    { done: texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

export function useSwitchProvider() {
  return useChange(
    ({ id, to }: { id: string; to: 'activate' | 'deactivate' }) =>
      request<IdentityProvider>('POST', `${BASE}/${id}/lifecycle/${to}`),
    { done: texts.switched, outdates: [KEY] },
  );
}

export function useDeleteProvider() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), {
    done: texts.deleted,
    outdates: [KEY, ['routing-rules'], ['mappings']],
  });
}

export function useLinkedUsers(id: string) {
  return usePages<LinkedUser>([...KEY, id, 'users'], `${BASE}/${id}/users?limit=50`);
}

export function useUnlink(id: string) {
  return useChange((userId: string) => request<null>('DELETE', `${BASE}/${id}/users/${userId}`), {
    done: texts.unlinked,
    outdates: [[...KEY, id, 'users'], ['people']],
  });
}

/** The mapping from this provider to the user profile; the list of mappings does not carry the rows. */
export function useMappingOf(providerId: string) {
  const list = useList<ProfileMapping>(
    ['mappings', 'of', providerId],
    `/api/v1/mappings${query({ sourceId: providerId })}`,
  );
  const id = list.data?.[0]?.id ?? '';
  const mapping = useObject<ProfileMapping>(['mappings', id], `/api/v1/mappings/${id}`, { enabled: id !== '' });
  return { list, mapping };
}

export function useSaveMapping(id: string) {
  return useChange(
    ({ value, etag }: Versioned<MappingChange>) =>
      request<ProfileMapping>('POST', `/api/v1/mappings/${id}`, { body: value, etag }),
    { done: texts.mappings.saved, showsErrors: true, outdates: [['mappings']] },
  );
}

/** What the mapping as it stands in the form would make of a person's last profile or of a pasted one. */
export function usePreview(id: string) {
  return useChange(
    async (input: PreviewInput) =>
      (await request<Preview>('POST', `/api/gatehouse/v1/mappings/${id}/preview`, { body: input })).body,
    { showsErrors: true, outdates: [] },
  );
}

/** Applies the saved mapping to everybody, as a job. */
export function useApplyMapping(id: string) {
  return useChange(() => request<{ jobId: string }>('POST', `/api/gatehouse/v1/mappings/${id}/apply`), {
    outdates: [['jobs']],
  });
}

export function usePresets() {
  return useList<ProviderPreset>([...KEY, 'presets'], '/api/gatehouse/v1/identity-provider-presets');
}

/** What is doubtful in a configuration that need not be complete. */
export function useLint(configuration: IdentityProviderInput) {
  return useQuery({
    queryKey: [...KEY, 'lint', configuration],
    queryFn: async ({ signal }) => {
      const path = '/api/gatehouse/v1/identity-providers/lint';
      return (await request<{ findings: LintFinding[] }>('POST', path, { body: configuration, signal })).body.findings;
    },
    placeholderData: keepPreviousData,
  });
}
