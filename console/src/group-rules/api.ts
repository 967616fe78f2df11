/** What the screens of group rules ask of the hub. */
import { useQuery } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useChange, useObject, usePages } from '../api/hooks.ts';
import type { GroupRule, GroupRuleCheck, GroupRuleInput, Job } from '../contract.ts';
import { isOpen } from '../jobs/api.ts';
import { texts } from './texts.ts';

const BASE = '/api/v1/groups/rules';
const OWN = '/api/gatehouse/v1/group-rules';
const KEY = ['group-rules'];
const JOBS = ['jobs', 'group-rules'];
const AGAIN_MS = 1_000;
const EXPAND = 'groupIdToGroupNameMap';

export function useGroupRules(search: string) {
  return usePages<GroupRule>([...KEY, 'list', search], `${BASE}${query({ search, limit: 50, expand: EXPAND })}`);
}

export function useGroupRule(id: string) {
  return useObject<GroupRule>([...KEY, id], `${BASE}/${id}${query({ expand: EXPAND })}`, { enabled: id !== '' });
}

export interface SaveRule {
  /** Absent: the rule is new. */
  id?: string;
  etag?: string | null;
  input: GroupRuleInput;
}

export function useSaveGroupRule(isNew: boolean) {
  return useChange(
    ({ id, etag, input }: SaveRule) =>
      id === undefined
        ? request<GroupRule>('POST', BASE, { body: input })
        : request<GroupRule>('PUT', `${BASE}/${id}`, { body: input, ...(etag ? { etag } : {}) }),
    { done: isNew ? texts.added : texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

export function useSwitchGroupRule() {
  return useChange(
    ({ id, to }: { id: string; to: 'activate' | 'deactivate' }) =>
      request<null>('POST', `${BASE}/${id}/lifecycle/${to}`),
    { done: texts.switched, outdates: [KEY, JOBS] },
  );
}

export function useRunGroupRule() {
  return useChange((id: string) => request<{ jobId: string }>('POST', `${OWN}/${id}/run`), {
    done: texts.started,
    outdates: [JOBS],
  });
}

export function useDeleteGroupRule() {
  return useChange(
    ({ id, removeUsers }: { id: string; removeUsers: boolean }) =>
      request<null>('DELETE', `${BASE}/${id}${query({ removeUsers: String(removeUsers) })}`),
    { done: texts.deleted, outdates: [KEY, JOBS, ['groups']] },
  );
}

/** The work of rules that is under way. */
export function useOpenJobs() {
  return useQuery({
    queryKey: JOBS,
    queryFn: async ({ signal }) => {
      const kinds = ['group-rules', 'group-rule-removal'];
      const lists = await Promise.all(
        kinds.map((kind) => request<Job[]>('GET', `/api/gatehouse/v1/jobs${query({ kind, limit: 10 })}`, { signal })),
      );
      return lists.flatMap(({ body }) => body).filter((job) => isOpen(job) || job.status === 'PAUSED');
    },
    refetchInterval: ({ state }) => (state.data?.some(isOpen) === true ? AGAIN_MS : false),
  });
}

/** Whether an expression can be saved and, where a person is named, whether it holds for them. */
export function useCheck(expression: string, user: string | null) {
  return useQuery({
    queryKey: [...KEY, 'check', expression, user],
    queryFn: async ({ signal }) =>
      (await request<GroupRuleCheck>('POST', `${OWN}/check`, { body: { expression, user }, signal })).body,
    enabled: expression.trim() !== '',
    placeholderData: (previous) => previous,
  });
}
