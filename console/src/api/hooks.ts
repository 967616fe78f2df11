/** How screens ask the hub: a page by page list, one object with its version, a change. */
import {
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useId } from 'react';
import { type Answer, request } from './client.ts';

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<Answer<T[]>>, Error>;

/** A list, read page by page along the server's `next` links. */
export function usePages<T>(key: QueryKey, path: string, options: { enabled?: boolean } = {}): Pages<T> {
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: path,
    queryFn: ({ pageParam, signal }) => request<T[]>('GET', pageParam, { signal }),
    getNextPageParam: (page) => page.next,
    ...options,
  });
}

/** The rows of the pages read so far. */
export function rowsOf<T>(pages: Pages<T>): T[] {
  return pages.data?.pages.flatMap((page) => page.body) ?? [];
}

/** The first page of a list that is short by nature. */
export function useList<T>(key: QueryKey, path: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await request<T[]>('GET', path, { signal })).body,
    ...options,
  });
}

export interface Versioned<T> {
  value: T;
  etag: string | null;
}

export function useObject<T>(key: QueryKey, path: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<Versioned<T>> => {
      const { body, etag } = await request<T>('GET', path, { signal });
      return { value: body, etag };
    },
    ...options,
  });
}

interface ChangeMeta extends Record<string, unknown> {
  /** Names the change among all that the screens offer. */
  action: string;
  done: string | undefined;
  refused: string | undefined;
  showsErrors: boolean;
}

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: ChangeMeta;
  }
}

export interface ChangeOptions {
  /** What is said when it worked. */
  done?: string;
  /** What a failure is called where nothing was to be saved; otherwise "Nothing was changed". */
  refused?: string;
  /** The screen shows a failure itself; otherwise a notification does. */
  showsErrors?: boolean;
  /** Keys whose data the change made old. */
  outdates: QueryKey[];
}

/** A change. Queries under `outdates` are read again before it counts as finished. */
export function useChange<Input, Output>(change: (input: Input) => Promise<Output>, options: ChangeOptions) {
  const client = useQueryClient();
  const action = useId();
  const { done, refused, showsErrors = false } = options;
  return useMutation({
    mutationFn: change,
    meta: { action, done, refused, showsErrors },
    onSuccess: async () => {
      await Promise.all(options.outdates.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}
