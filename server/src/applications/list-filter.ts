/** `filter` of `/api/v1/apps`: comparisons with `eq`, joined by `and` (contract §8). */
import { apiErrors } from '../http/index.ts';
import { type Filter, parseFilter } from '../protocol/scim/index.ts';

export interface ListFilter {
  status: string | null;
  name: string | null;
  userId: string | null;
  groupId: string | null;
}

const FIELDS: ReadonlyMap<string, keyof ListFilter> = new Map([
  ['status', 'status'],
  ['name', 'name'],
  ['user.id', 'userId'],
  ['group.id', 'groupId'],
] as const);

/** Throws E0000031. */
export function readListFilter(text: string | undefined): ListFilter {
  const found: ListFilter = { status: null, name: null, userId: null, groupId: null };
  if (text === undefined || text === '') return found;
  const parsed = parseFilter(text);
  if (!parsed.ok)
    throw apiErrors.invalidSearch(`filter: ${parsed.error.message} (character ${parsed.error.position + 1})`);
  collect(parsed.value, found);
  return found;
}

function collect(filter: Filter, found: ListFilter): void {
  if (filter.kind === 'and') {
    for (const term of filter.terms) collect(term, found);
    return;
  }
  const field = filter.kind === 'compare' && filter.operator === 'eq' ? FIELDS.get(filter.attribute) : undefined;
  if (filter.kind !== 'compare' || field === undefined || typeof filter.value !== 'string') {
    throw apiErrors.invalidSearch(
      `filter: expected ${[...FIELDS.keys()].join(', ')} with "eq" and a text, joined by "and"`,
    );
  }
  if (found[field] !== null && found[field] !== filter.value)
    throw apiErrors.invalidSearch(`filter: ${filter.attribute} is there twice`);
  found[field] = filter.value;
}
