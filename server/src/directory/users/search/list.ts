/** A page of users: the statements of selection.ts, run until the page is full. */
import type { Database, Executor } from '../../../database/index.ts';
import { apiErrors, type Page, pageOf } from '../../../http/index.ts';
import { Parameters } from '../../../protocol/scim/index.ts';
import type { User } from '../schema.ts';
import { selectUsers } from '../store.ts';
import { type SearchedSchemas, startsWith } from './columns.ts';
import { cursorOf, isSorted, type ListQuery, selectionsOf } from './selection.ts';

/** `limit`: users per page. Throws E0000031, also for a search that takes longer than a statement may. */
export async function listUsers(
  database: Database,
  orgId: string,
  { query, limit, schemas }: { query: ListQuery; limit: number; schemas: SearchedSchemas },
): Promise<Page<User>> {
  const rows: (User & { sortKey: string | null })[] = [];
  for (const selection of selectionsOf(orgId, query, schemas)) {
    const missing = limit + 1 - rows.length;
    if (missing > 0) rows.push(...(await selectUsers(database, { ...selection, limit: missing }).catch(refuse)));
  }
  const { items, after } = pageOf(rows, limit, (last) => cursorOf(last, isSorted(query)));
  return { items, after: query.q && !query.search && !query.filter ? null : after };
}

export interface Alike {
  /** What the login, a name or the e-mail address begins with. */
  q: string;
  /** Who is wanted whatever they are called. */
  also: readonly string[];
  /** Only these; null: everybody. */
  among: readonly string[] | null;
  after: string;
  limit: number;
}

/** Those who are not deprovisioned and fit, by id, after an id. */
export async function listAlike(db: Executor, orgId: string, wanted: Alike): Promise<User[]> {
  const parameters = new Parameters(orgId);
  const named = [...startsWith(wanted.q, parameters, 'profile.login'), `id = any(${parameters.add(wanted.also)})`];
  const conditions = [`status <> 'DEPROVISIONED'`, `id > ${parameters.add(wanted.after)}`, `(${named.join(' or ')})`];
  if (wanted.among !== null) conditions.push(`id = any(${parameters.add(wanted.among)})`);
  const where = conditions.join(' and ');
  const { limit } = wanted;
  return selectUsers(db, { where, sortKey: 'null', orderBy: 'id', limit, values: parameters.values });
}

const QUERY_CANCELED = '57014';
/** Data exceptions: a cursor that was written by somebody else. */
const DATA_EXCEPTION = /^22/;

function refuse(error: unknown): never {
  const { code = '' } = error as { code?: string };
  if (code === QUERY_CANCELED)
    throw apiErrors.invalidSearch('The search took too long: narrow it by a condition with "eq" or "sw".');
  if (DATA_EXCEPTION.test(code)) throw apiErrors.invalidSearch('The parameter "after" is not a cursor of this list.');
  throw error;
}
