/** The SQL of `network_zones`. */
import type { Executor } from '../database/index.ts';
import { apiErrors } from '../http/index.ts';
import { type Column, Parameters, parseFilter, toCondition } from '../protocol/scim/index.ts';
import type { Definition, Usage, ZoneType } from './schema.ts';

export interface Zone {
  id: string;
  name: string;
  type: ZoneType;
  status: 'ACTIVE' | 'INACTIVE';
  usage: Usage;
  system: boolean;
  definition: Definition;
  created: Date;
  lastUpdated: Date;
  version: number;
}

const COLUMNS = 'id, name, type, status, usage, system, definition, created, last_updated as "lastUpdated", version';

const SEARCHED: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['id', { sql: 'id', type: 'exact', operators: ['eq', 'ne'] }],
  ['name', { sql: 'name', type: 'text', operators: ['eq', 'ne', 'sw', 'co'] }],
  ['type', { sql: 'type', type: 'exact', operators: ['eq', 'ne'] }],
  ['status', { sql: 'status', type: 'exact', operators: ['eq', 'ne'] }],
  ['usage', { sql: 'usage', type: 'exact', operators: ['eq', 'ne'] }],
  ['system', { sql: 'system', type: 'boolean', operators: ['eq', 'ne'] }],
]);

/** Throws E0000031 for a filter that does not fit. */
export async function list(
  db: Executor,
  orgId: string,
  { filter, after, limit }: { filter?: string; after?: string; limit: number },
): Promise<Zone[]> {
  const parameters = new Parameters(orgId, after ?? '');
  const conditions = ['org_id = $1', 'id > $2'];
  if (filter !== undefined && filter !== '') conditions.push(conditionOf(filter, parameters));
  const { rows } = await db.query<Zone>({
    text: `select ${COLUMNS} from network_zones where ${conditions.join(' and ')} order by id limit ${parameters.add(limit)}`,
    values: parameters.values,
  });
  return rows;
}

function conditionOf(filter: string, parameters: Parameters): string {
  const parsed = parseFilter(filter);
  if (!parsed.ok)
    throw apiErrors.invalidSearch(`filter: ${parsed.error.message} (character ${parsed.error.position + 1})`);
  const condition = toCondition(parsed.value, (attribute) => SEARCHED.get(attribute) ?? null, parameters);
  if (!condition.ok)
    throw apiErrors.invalidSearch(`filter: ${condition.error.message}; filter by ${[...SEARCHED.keys()].join(', ')}`);
  return condition.value;
}

/** Every zone of the org, by id. */
export async function all(db: Executor, orgId: string): Promise<Zone[]> {
  const { rows } = await db.query<Zone>({
    name: 'network_zones_of_org',
    text: `select ${COLUMNS} from network_zones where org_id = $1 order by id`,
    values: [orgId],
  });
  return rows;
}

/** @param lock `update` holds the row for the change that follows, `share` keeps it as it is until the transaction ends */
export async function find(db: Executor, orgId: string, id: string, lock?: 'update' | 'share'): Promise<Zone | null> {
  const { rows } = await db.query<Zone>({
    text: `select ${COLUMNS} from network_zones where org_id = $1 and id = $2${lock === undefined ? '' : ` for ${lock}`}`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** How many there are beside the built-in ones. Holds other counts back until the transaction ends. */
export async function count(tx: Executor, orgId: string): Promise<number> {
  await tx.query({ text: `select pg_advisory_xact_lock(hashtext('gatehouse network zones ' || $1))`, values: [orgId] });
  const { rows } = await tx.query<{ count: number }>({
    text: 'select count(*)::int as count from network_zones where org_id = $1 and not system',
    values: [orgId],
  });
  return rows[0]!.count;
}

const INSERT = `insert into network_zones (org_id, id, name, type, status, usage, system, definition, created, last_updated, version)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

const valuesOf = (orgId: string, zone: Zone) => [
  orgId,
  zone.id,
  zone.name,
  zone.type,
  zone.status,
  zone.usage,
  zone.system,
  JSON.stringify(zone.definition),
  zone.created,
  zone.lastUpdated,
  zone.version,
];

/** New, or in the place of the one with this id. */
export async function save(tx: Executor, orgId: string, zone: Zone): Promise<void> {
  await tx.query({
    text: `${INSERT} on conflict (org_id, id) do update set name = excluded.name, status = excluded.status, usage = excluded.usage,
             definition = excluded.definition, last_updated = excluded.last_updated, version = excluded.version`,
    values: valuesOf(orgId, zone),
  });
}

/** A built-in zone where the org has none of that name; false where it has. */
export async function insertBuiltIn(tx: Executor, orgId: string, zone: Zone): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `${INSERT} on conflict (org_id, lower(name)) do nothing`,
    values: valuesOf(orgId, zone),
  });
  return rowCount > 0;
}

export async function remove(tx: Executor, orgId: string, id: string): Promise<void> {
  await tx.query({ text: 'delete from network_zones where org_id = $1 and id = $2', values: [orgId, id] });
}
