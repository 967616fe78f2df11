/** The ways to list groups (contract §4): plain, `q`, `filter`, `search`, as one condition with its order and cursor. */
import { apiErrors } from '../../http/index.ts';
import { type Column, Parameters, parseFilter, toCondition } from '../../protocol/scim/index.ts';
import { isStamp } from '../../shared/clock.ts';
import type { CompiledSchema } from '../profile-schemas/index.ts';
import type { Group } from './schema.ts';
import { lettersOf } from './store.ts';

export interface GroupQuery {
  q?: string;
  filter?: string;
  search?: string;
  sortBy?: string;
  sortOrder?: string;
  /** Opaque: from the previous page. */
  after?: string;
}

const ORDERED = ['eq', 'gt', 'ge', 'lt', 'le'] as const;
const TEXT = ['eq', 'sw', 'co', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
/** As the index of migration 0027 has it. */
const NAME = 'name_key collate "C"';
const time = (sql: string): Column => ({ sql, type: 'time', operators: [...ORDERED, 'pr'] });

const SEARCH_FIELDS: Readonly<Record<string, Column>> = {
  id: { sql: 'id', type: 'exact', operators: ['eq', 'sw', 'gt', 'ge', 'lt', 'le'] },
  type: {
    sql: 'type collate "C"',
    type: 'exact',
    canonical: (value) => value.toUpperCase(),
    operators: ['eq', 'sw'],
  },
  created: time('created'),
  lastUpdated: time('last_updated'),
  lastMembershipUpdated: time('last_membership_updated'),
  'profile.name': { sql: NAME, type: 'exact', canonical: lettersOf, operators: TEXT },
  'profile.description': { sql: `profile->>'description'`, type: 'text', operators: TEXT },
};
const FILTER_FIELDS: Readonly<Record<string, Column>> = {
  id: { ...SEARCH_FIELDS.id!, operators: ['eq'] },
  type: { ...SEARCH_FIELDS.type!, operators: ['eq'] },
  lastUpdated: time('last_updated'),
  lastMembershipUpdated: time('last_membership_updated'),
};
const SORT_KEYS: Readonly<Record<string, { sql: string; type: 'text' | 'timestamptz' }>> = {
  type: { sql: 'type collate "C"', type: 'text' },
  created: { sql: 'created', type: 'timestamptz' },
  lastUpdated: { sql: 'last_updated', type: 'timestamptz' },
  lastMembershipUpdated: { sql: 'last_membership_updated', type: 'timestamptz' },
  'profile.name': { sql: NAME, type: 'text' },
};
const BY_ID = { sql: 'id', type: 'text' } as const;

const TYPES = { string: 'text', number: 'number', integer: 'number', boolean: 'boolean', array: 'set' } as const;
type Searched = Pick<CompiledSchema, 'attributes'>;

/** A field of `search`: the table above, or a custom attribute of groups. */
function searchColumn({ attributes }: Searched, field: string): Column | null {
  if (Object.hasOwn(SEARCH_FIELDS, field)) return SEARCH_FIELDS[field]!;
  const attribute = field.startsWith('profile.') ? attributes.get(field.slice('profile.'.length)) : undefined;
  if (attribute === undefined || attribute.base) return null;
  const value = `profile->'${attribute.name}'`;
  const type = TYPES[attribute.type];
  if (type === 'text') return { sql: `profile->>'${attribute.name}'`, type, operators: TEXT };
  if (type === 'set') return { sql: value, type, operators: ['eq', 'sw', 'co', 'pr'] };
  return type === 'number'
    ? { sql: `(${value})::numeric`, type, operators: [...ORDERED, 'pr'] }
    : { sql: `(${value})::boolean`, type, operators: ['eq', 'pr'] };
}

/** Throws E0000031 with a sentence where a filter, a field or a cursor makes no sense. */
export function selectionOf(orgId: string, query: GroupQuery, schema: Searched) {
  const parameters = new Parameters(orgId);
  const conditions = [baseCondition(query, schema, parameters)];
  const { key, descending } = sortOf(query);
  if (query.after !== undefined) {
    const [value, id] = readCursor(query.after, key);
    const comparison = descending ? '<' : '>';
    conditions.push(
      key === BY_ID
        ? `id ${comparison} ${parameters.add(id)}`
        : `(${key.sql}, id) ${comparison} (${parameters.add(value)}::${key.type}, ${parameters.add(id)})`,
    );
  }
  const direction = descending ? 'desc' : 'asc';
  return {
    where: conditions.join(' and '),
    sortKey: key.type === 'text' ? key.sql : `to_char(${key.sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    orderBy: key === BY_ID ? `id ${direction}` : `${key.sql} ${direction}, id ${direction}`,
    values: parameters.values,
  };
}

function baseCondition(query: GroupQuery, schema: Searched, parameters: Parameters): string {
  if (query.search) return condition(query.search, (field) => searchColumn(schema, field), parameters);
  if (query.filter) return condition(query.filter, filterColumn, parameters);
  if (!query.q) return 'true';
  return `${NAME} like ${parameters.add(`${lettersOf(query.q).replace(/[\\%_]/g, '\\$&')}%`)}`;
}

const filterColumn = (field: string) => (Object.hasOwn(FILTER_FIELDS, field) ? FILTER_FIELDS[field]! : null);

function condition(text: string, columnOf: (field: string) => Column | null, parameters: Parameters): string {
  const filter = parseFilter(text);
  if (!filter.ok) throw apiErrors.invalidSearch(`At character ${filter.error.position + 1}: ${filter.error.message}.`);
  const made = toCondition(filter.value, columnOf, parameters);
  if (!made.ok)
    throw apiErrors.invalidSearch(`${made.error.message.charAt(0).toUpperCase()}${made.error.message.slice(1)}.`);
  return made.value;
}

function sortOf({ sortBy, sortOrder }: GroupQuery) {
  const order = sortOrder?.toLowerCase() || 'asc';
  if (order !== 'asc' && order !== 'desc')
    throw apiErrors.invalidSearch('The parameter "sortOrder" is "asc" or "desc".');
  const descending = order === 'desc';
  if (!sortBy || sortBy === 'id') return { key: BY_ID, descending };
  if (!Object.hasOwn(SORT_KEYS, sortBy))
    throw apiErrors.invalidSearch(`It is not possible to sort by "${sortBy.slice(0, 100)}".`);
  return { key: SORT_KEYS[sortBy]!, descending };
}

export function cursorOf(group: Group & { sortKey: string }): string {
  return Buffer.from(JSON.stringify([group.sortKey, group.id])).toString('base64url');
}

function readCursor(after: string, { type }: { type: 'text' | 'timestamptz' }): [string, string] {
  try {
    const [key, id] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    const made = typeof key === 'string' && typeof id === 'string' && !`${key}${id}`.includes('\0');
    // What is no time of ours, the database would read in its own way, or not at all.
    if (made && (type === 'text' || isStamp(key))) return [key, id];
  } catch {
    // falls through to the one answer for every cursor that is not ours
  }
  throw apiErrors.invalidSearch('The parameter "after" is not a cursor of this list.');
}
