/** What the screens ask of the hub about long work; a job that is under way is asked for again every second. */
import { useQuery } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useChange, usePages } from '../api/hooks.ts';
import type { Job } from '../contract.ts';

const BASE = '/api/gatehouse/v1/jobs';
const KEY = ['jobs'];
const AGAIN_MS = 1_000;

export const isOpen = (job: Pick<Job, 'status'> | undefined) => job?.status === 'QUEUED' || job?.status === 'RUNNING';

export function useJobs(status: string) {
  return usePages<Job>([...KEY, 'list', status], `${BASE}${query({ status, limit: 50 })}`);
}

/** The newest job of a kind about a subject; undefined when there never was one. */
export function useLatestJob(kind: string, subjectId: string) {
  return useQuery({
    queryKey: [...KEY, 'latest', kind, subjectId],
    queryFn: async ({ signal }) =>
      (await request<Job[]>('GET', `${BASE}${query({ kind, subjectId, limit: 1 })}`, { signal })).body[0] ?? null,
    refetchInterval: ({ state }) => (isOpen(state.data ?? undefined) ? AGAIN_MS : false),
  });
}

export function useJob(id: string, begin?: Job) {
  return useQuery({
    queryKey: [...KEY, id],
    queryFn: async ({ signal }) => (await request<Job>('GET', `${BASE}/${id}`, { signal })).body,
    initialData: begin,
    refetchInterval: ({ state }) => (isOpen(state.data) ? AGAIN_MS : false),
  });
}

export function useSteering(id: string) {
  return useChange(
    (operation: 'pause' | 'resume' | 'cancel') => request<Job>('POST', `${BASE}/${id}/lifecycle/${operation}`),
    { outdates: [KEY] },
  );
}

export const problemsPath = (id: string) => `${BASE}/${id}/problems.csv`;
