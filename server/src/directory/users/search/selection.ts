/** The four ways to list users (contract §3): plain, `q`, `filter`, `search`, as conditions with their order and cursor. */
import { apiErrors } from '../../../http/index.ts';
import { Parameters, parseFilter, toCondition } from '../../../protocol/scim/index.ts';
import { isStamp } from '../../../shared/clock.ts';
import type { User } from '../schema.ts';
import {
  filterField,
  type SearchedSchemas,
  type SearchField,
  type SortKey,
  searchField,
  startsWith,
} from './columns.ts';

export interface ListQuery {
  q?: string;
  filter?: string;
  search?: string;
  sortBy?: string;
  sortOrder?: string;
  /** Opaque: from the previous page. */
  after?: string;
}

/** One statement's part of a page. */
export interface UserSelection {
  where: string;
  orderBy: string;
  /** The sort key as text, for the cursor. */
  sortKey: string;
  values: unknown[];
}

/** What stands behind a cursor: a sort key (null for people without one, absent where the list goes by id) and an id. */
interface Place {
  key?: string | null;
  id: string;
}

/**
 * The statements that a page is read by, in this order until it is full: one, or two where people may be without a value of the sort key.
 * They come after all others in either order, so that first pages need nothing of them. Throws E0000031 with a sentence where a filter, a field or a cursor makes no sense.
 */
export function selectionsOf(orgId: string, query: ListQuery, schemas: SearchedSchemas): UserSelection[] {
  const { key, descending } = sortOf(query, schemas);
  const place = query.after === undefined ? null : readCursor(query.after);
  if (place !== null && key !== null && !fits(place, key)) throw badCursor();
  const build = (part: 'id' | 'missing' | 'key'): UserSelection => {
    const parameters = new Parameters(orgId);
    const conditions = [baseCondition(query, schemas, parameters)];
    const direction = descending ? 'desc' : 'asc';
    const beyond = descending ? '<' : '>';
    const here = part === 'id' || (place?.key === null) === (part === 'missing');
    if (key !== null && part === 'missing') conditions.push(`${key.sql} is null`);
    if (key?.nullable === true && part === 'key') conditions.push(`${key.sql} is not null`);
    if (place !== null && here)
      conditions.push(
        key === null || part !== 'key'
          ? `id ${beyond} ${parameters.add(place.id)}`
          : `(${key.sql}, id) ${beyond} (${parameters.add(place.key)}::${key.type}, ${parameters.add(place.id)})`,
      );
    return {
      where: conditions.join(' and '),
      sortKey: key !== null && part === 'key' ? cursorText(key) : 'null',
      orderBy: key !== null && part === 'key' ? `${key.sql} ${direction}, id ${direction}` : `id ${direction}`,
      values: parameters.values,
    };
  };
  if (key === null) return [build('id')];
  if (!key.nullable) return [build('key')];
  return place?.key === null ? [build('missing')] : [build('key'), build('missing')];
}

function baseCondition(query: ListQuery, schemas: SearchedSchemas, parameters: Parameters): string {
  if (query.search) return condition(query.search, (field) => searchField(schemas, field), parameters);
  if (query.filter) return condition(query.filter, filterField, parameters);
  if (!query.q) return `status <> 'DEPROVISIONED'`;
  return `status <> 'DEPROVISIONED' and (${startsWith(query.q, parameters).join(' or ')})`;
}

function condition(text: string, columnOf: (field: string) => SearchField | null, parameters: Parameters): string {
  const filter = parseFilter(text);
  if (!filter.ok) throw apiErrors.invalidSearch(`At character ${filter.error.position + 1}: ${filter.error.message}.`);
  const made = toCondition(filter.value, columnOf, parameters);
  if (!made.ok)
    throw apiErrors.invalidSearch(`${made.error.message.charAt(0).toUpperCase()}${made.error.message.slice(1)}.`);
  return made.value;
}

function sortOf(
  { search, sortBy, sortOrder }: ListQuery,
  schemas: SearchedSchemas,
): { key: SortKey | null; descending: boolean } {
  const order = sortOrder?.toLowerCase();
  if (search && order !== undefined && order !== '' && order !== 'asc' && order !== 'desc')
    throw apiErrors.invalidSearch('The parameter "sortOrder" is "asc" or "desc".');
  const descending = Boolean(search) && order === 'desc';
  if (!search || !sortBy || sortBy === 'id') return { key: null, descending };
  const key = searchField(schemas, sortBy)?.order;
  if (key === undefined) throw apiErrors.invalidSearch(`It is not possible to sort by "${sortBy.slice(0, 100)}".`);
  return { key, descending };
}

/** A time with everything that the database keeps of it, whatever the session's time zone. */
const cursorText = ({ sql, type }: SortKey) =>
  type === 'timestamptz' ? `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `(${sql})::text`;

/** `sorted`: whether the list goes by something else than the id. */
export function cursorOf(user: User & { sortKey: string | null }, sorted: boolean): string {
  return sorted ? Buffer.from(JSON.stringify([user.sortKey, user.id])).toString('base64url') : user.id;
}

export const isSorted = ({ search, sortBy }: ListQuery) => Boolean(search) && Boolean(sortBy) && sortBy !== 'id';

const ID = /^00u[A-Za-z0-9]{17}$/;

function readCursor(after: string): Place {
  if (ID.test(after)) return { id: after };
  try {
    const [key, id] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    if ((key === null || typeof key === 'string') && typeof id === 'string') return { key, id };
  } catch {
    // falls through to the one answer for every cursor that is not ours
  }
  throw badCursor();
}

const CURSOR_FORMS: Readonly<Record<SortKey['type'], (key: string) => boolean>> = {
  text: (key) => !key.includes('\0'),
  timestamptz: isStamp,
  numeric: (key) => /^-?\d+(?:\.\d+)?$/.test(key),
};

/** What the database would read otherwise, "yesterday" for example, was not written here. */
const fits = ({ key }: Place, { type, nullable }: SortKey) =>
  key === null ? nullable : key !== undefined && CURSOR_FORMS[type](key);

const badCursor = () => apiErrors.invalidSearch('The parameter "after" is not a cursor of this list.');
