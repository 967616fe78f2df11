/** What the screens of imports ask of the hub; an import that is under way is asked for again every second. */
import { useQuery } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useChange, usePages } from '../api/hooks.ts';
import type { Import, ImportOptions, ImportOutcome, ImportRow } from '../contract.ts';
import { texts } from './texts.ts';

const BASE = '/api/gatehouse/v1/imports';
const KEY = ['imports'];
const AGAIN_MS = 1_000;

export const templatePath = `${BASE}/template.csv`;
export const errorsPath = (id: string) => `${BASE}/${id}/errors.csv`;
export const isUnderWay = ({ status }: Pick<Import, 'status'>) => status === 'CHECKING' || status === 'RUNNING';

export function useImports() {
  return usePages<Import>([...KEY, 'list'], `${BASE}${query({ limit: 20 })}`);
}

export function useImport(id: string) {
  return useQuery({
    queryKey: [...KEY, id],
    queryFn: async ({ signal }) => (await request<Import>('GET', `${BASE}/${id}`, { signal })).body,
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data) ? AGAIN_MS : false),
  });
}

/** `state`: what the rows belong to; rows of another check are read anew. */
export function useImportRows(id: string, outcome: ImportOutcome | '', state: string) {
  return usePages<ImportRow>(
    [...KEY, id, 'rows', outcome, state],
    `${BASE}/${id}/rows${query({ outcome, limit: 50 })}`,
  );
}

/** Creates an import and sends it its file. A file that is refused leaves no import behind. */
export function useUpload() {
  return useChange(
    async (file: File) => {
      const { body: created } = await request<Import>('POST', BASE, { body: {} });
      try {
        const path = `${BASE}/${created.id}/file${query({ fileName: file.name })}`;
        return (await request<Import>('PUT', path, { file: { content: file, type: 'text/csv' } })).body;
      } catch (error) {
        await request<null>('DELETE', `${BASE}/${created.id}`);
        throw error;
      }
    },
    { showsErrors: true, outdates: [[...KEY, 'list']] },
  );
}

export interface ImportChange {
  options: ImportOptions;
  targets: (string | null)[];
}

/** Saves what the import does, then begins its check. */
export function useCheck(id: string) {
  return useChange(
    async ({ options, targets }: ImportChange) => {
      await request<Import>('PUT', `${BASE}/${id}`, {
        body: { options, columns: targets.map((target) => ({ target })) },
      });
      return (await request<Import>('POST', `${BASE}/${id}/dry-run`)).body;
    },
    { showsErrors: true, outdates: [KEY, ['jobs']] },
  );
}

export function useRun(id: string) {
  return useChange(async () => (await request<Import>('POST', `${BASE}/${id}/run`)).body, {
    showsErrors: true,
    outdates: [KEY, ['jobs']],
  });
}

export function useDeleteImport() {
  return useChange((id: string) => request<null>('DELETE', `${BASE}/${id}`), {
    done: texts.deleted,
    outdates: [[...KEY, 'list']],
  });
}
