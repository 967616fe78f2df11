/** The four ways to list users (contract §3): plain, `q`, `filter`, `search`, as one condition with its order and cursor. */
import { apiErrors } from '../../http/index.ts';
import { type Column, Parameters, parseFilter, toCondition } from '../../protocol/scim/index.ts';
import type { CompiledSchema } from '../profile-schemas/index.ts';
import type { User } from './schema.ts';

export interface ListQuery {
  q?: string;
  filter?: string;
  search?: string;
  sortBy?: string;
  sortOrder?: string;
  /** Opaque: from the previous page. */
  after?: string;
}

export interface UserSelection {
  where: string;
  orderBy: string;
  sortKey: string;
  values: unknown[];
}

const ORDERED = ['eq', 'gt', 'ge', 'lt', 'le'] as const;
const canonical = (value: string) => value.normalize('NFC').toLowerCase();
const searched = ['eq', 'sw', 'gt', 'ge', 'lt', 'le', 'pr'] as const;

const LOGIN: Column = { sql: 'login_key', type: 'exact', operators: [...searched, 'co'], canonical };
const EMAIL: Column = { sql: 'email_key', type: 'exact', operators: [...searched, 'co'], canonical };
const name = (attribute: string): Column => ({
  sql: `profile->>'${attribute}'`,
  type: 'text',
  operators: [...searched, 'co'],
});
const time = (sql: string): Column => ({ sql, type: 'time', operators: [...ORDERED, 'pr'] });

const FIELDS: Readonly<Record<string, Column>> = {
  id: { sql: 'id', type: 'exact', operators: searched },
  status: { sql: 'status', type: 'text', operators: searched },
  'type.id': { sql: 'type_id', type: 'exact', operators: ['eq'] },
  created: time('created'),
  activated: time('activated'),
  statusChanged: time('status_changed'),
  lastUpdated: time('last_updated'),
  'profile.login': LOGIN,
  'profile.email': EMAIL,
  'profile.firstName': name('firstName'),
  'profile.lastName': name('lastName'),
};

const only = (column: Column, ...operators: Column['operators']): Column => ({ ...column, operators });
const FILTER_FIELDS: Readonly<Record<string, Column>> = {
  id: only(FIELDS.id!, 'eq'),
  status: only(FIELDS.status!, 'eq'),
  lastUpdated: only(FIELDS.lastUpdated!, ...ORDERED),
  'profile.login': only(LOGIN, 'eq'),
  'profile.email': only(EMAIL, 'eq'),
  'profile.firstName': only(name('firstName'), 'eq'),
  'profile.lastName': only(name('lastName'), 'eq'),
};

const TYPES = { string: 'text', number: 'number', integer: 'number', boolean: 'boolean', array: 'set' } as const;

/** The schemas of all user types: a search reaches the users of every type. */
type SearchedSchemas = readonly Pick<CompiledSchema, 'attributes'>[];

const JSON_TYPES = { text: 'string', number: 'number', boolean: 'boolean', set: 'array' } as const;

/** A field of `search`: the table above, or an attribute of a user type; of the first one that has it, where types differ. */
function searchColumn(schemas: SearchedSchemas, field: string): Column | null {
  if (Object.hasOwn(FIELDS, field)) return FIELDS[field]!;
  if (!field.startsWith('profile.')) return null;
  const found = schemas.flatMap(({ attributes }) => attributes.get(field.slice('profile.'.length)) ?? []);
  const [attribute] = found;
  if (attribute === undefined || !/^\w+$/.test(attribute.name)) return null;
  const type = TYPES[attribute.type];
  const value = type === 'text' ? `profile->>'${attribute.name}'` : `profile->'${attribute.name}'`;
  const cast = { text: value, number: `(${value})::numeric`, boolean: `(${value})::boolean`, set: value }[type];
  // Another type's values under the same name cannot be cast, so they are left out.
  const sql = found.every((other) => TYPES[other.type] === type)
    ? cast
    : `(case when jsonb_typeof(profile->'${attribute.name}') = '${JSON_TYPES[type]}' then ${cast} end)`;
  const operators =
    found.some((other) => other.sensitive) || type === 'boolean'
      ? (['eq', 'pr'] as const)
      : type === 'number'
        ? ([...ORDERED, 'pr'] as const)
        : searched;
  return { sql, type, operators };
}

/** Throws E0000031 with a sentence where a filter, a field or a cursor makes no sense. */
export function selectionOf(orgId: string, query: ListQuery, schemas: SearchedSchemas): UserSelection {
  const parameters = new Parameters(orgId);
  const sort = sortOf(query, schemas);
  const conditions = [baseCondition(query, schemas, parameters)];
  const direction = sort.descending ? 'desc' : 'asc';
  if (query.after !== undefined) {
    const [key, id] = readCursor(query.after);
    const comparison = sort.descending ? '<' : '>';
    const position =
      sort.key === null
        ? `id ${comparison} ${parameters.add(id)}`
        : `(${sort.key}, id) ${comparison} (${parameters.add(key)}, ${parameters.add(id)})`;
    conditions.push(position);
  }
  return {
    where: conditions.join(' and '),
    sortKey: sort.key ?? `''`,
    orderBy: sort.key === null ? `id ${direction}` : `${sort.key} ${direction}, id ${direction}`,
    values: parameters.values,
  };
}

function baseCondition(query: ListQuery, schemas: SearchedSchemas, parameters: Parameters): string {
  if (query.search) return condition(query.search, (field) => searchColumn(schemas, field), parameters);
  if (query.filter)
    return condition(
      query.filter,
      (field) => (Object.hasOwn(FILTER_FIELDS, field) ? FILTER_FIELDS[field]! : null),
      parameters,
    );
  if (!query.q) return `status <> 'DEPROVISIONED'`;
  const prefix = parameters.add(`${canonical(query.q.slice(0, 200)).replace(/[\\%_]/g, '\\$&')}%`);
  return `status <> 'DEPROVISIONED' and (lower(profile->>'firstName') like ${prefix} or lower(profile->>'lastName') like ${prefix} or email_key like ${prefix})`;
}

function condition(text: string, columnOf: (field: string) => Column | null, parameters: Parameters): string {
  const filter = parseFilter(text);
  if (!filter.ok) throw apiErrors.invalidSearch(`At character ${filter.error.position + 1}: ${filter.error.message}.`);
  const made = toCondition(filter.value, columnOf, parameters);
  if (!made.ok)
    throw apiErrors.invalidSearch(`${made.error.message.charAt(0).toUpperCase()}${made.error.message.slice(1)}.`);
  return made.value;
}

/** Everything but the id is ordered as text in byte order, so that a cursor is a text and an id. */
function sortOf(
  { search, sortBy, sortOrder }: ListQuery,
  schemas: SearchedSchemas,
): { key: string | null; descending: boolean } {
  const descending = Boolean(search) && sortOrder?.toLowerCase() === 'desc';
  if (!search || !sortBy || sortBy === 'id') return { key: null, descending };
  const column = searchColumn(schemas, sortBy);
  const text = column === null ? undefined : SORT_KEYS[column.type]?.(column.sql);
  if (text === undefined) throw apiErrors.invalidSearch(`It is not possible to sort by "${sortBy.slice(0, 100)}".`);
  return { key: `coalesce(${text}, '') collate "C"`, descending };
}

const SORT_KEYS: Readonly<Partial<Record<Column['type'], (sql: string) => string>>> = {
  text: (sql) => `lower(${sql})`,
  exact: (sql) => sql,
  time: (sql) => `(${sql} at time zone 'UTC')::text`,
  boolean: (sql) => `(${sql})::text`,
};

export function cursorOf(user: User & { sortKey: string }): string {
  return user.sortKey === '' ? user.id : Buffer.from(JSON.stringify([user.sortKey, user.id])).toString('base64url');
}

function readCursor(after: string): [string, string] {
  if (/^00u[A-Za-z0-9]{17}$/.test(after)) return ['', after];
  try {
    const [key, id] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    if (typeof key === 'string' && typeof id === 'string') return [key, id];
  } catch {
    // falls through to the one answer for every cursor that is not ours
  }
  throw apiErrors.invalidSearch('The parameter "after" is not a cursor of this list.');
}
