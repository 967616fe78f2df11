/** The SQL of `import_rows` and `import_keys`. */
import type { Executor } from '../../database/index.ts';
import type { BulkOutcome } from '../../directory/users/index.ts';
import { storableJson } from '../../shared/json.ts';
import type { Change, RowProblem } from '../schema.ts';

export interface Detail {
  changes?: Change[];
  problems?: RowProblem[];
}

export interface StoredRow {
  number: number;
  line: number;
  cells: string[];
  outcome: BulkOutcome | null;
  detail: Detail | null;
  userId: string | null;
}

interface Place {
  orgId: string;
  id: string;
}

/** Adds rows for the upload that is under way; false when another one has begun meanwhile. */
export async function insertRows(
  db: Executor,
  { orgId, id }: Place,
  upload: string,
  rows: readonly { number: number; line: number; cells: string[] }[],
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'import_rows_insert',
    text: `insert into import_rows (org_id, import_id, number, line, cells)
           select $1, $2, r.number, r.line, r.cells from jsonb_to_recordset($4::jsonb) as r(number int, line int, cells jsonb)
           where exists (select 1 from imports where org_id = $1 and id = $2 and upload = $3 for share)`,
    values: [orgId, id, upload, storableJson(rows)],
  });
  return rowCount === rows.length;
}

const COLUMNS = `number, line, cells, outcome, detail, user_id as "userId"`;

/** @param last the number of the last row that counts; null: all */
export async function rowsAfter(
  db: Executor,
  { orgId, id }: Place,
  after: number,
  limit: number,
  outcome: BulkOutcome | null = null,
  last: number | null = null,
): Promise<StoredRow[]> {
  const { rows } = await db.query<StoredRow>({
    text: `select ${COLUMNS} from import_rows where org_id = $1 and import_id = $2 and number > $3
             ${outcome === null ? '' : `and outcome = '${outcome}'`} ${last === null ? '' : `and number <= ${last}`}
           order by number limit $4`,
    values: [orgId, id, after, limit],
  });
  return rows;
}

/** Rows that lie close together, in the order of their numbers: the range keeps the database from reading the whole file for them. */
export async function saveOutcomes(
  tx: Executor,
  { orgId, id }: Place,
  rows: readonly { number: number; outcome: BulkOutcome; detail: Detail | null; userId: string | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: 'import_rows_outcomes',
    text: `update import_rows set outcome = r.outcome, detail = r.detail, user_id = r."userId"
           from jsonb_to_recordset($3::jsonb) as r(number int, outcome text, detail jsonb, "userId" text)
           where import_rows.org_id = $1 and import_rows.import_id = $2 and import_rows.number = r.number
             and import_rows.number between $4 and $5`,
    values: [orgId, id, storableJson(rows), rows[0]!.number, rows.at(-1)!.number],
  });
}

export interface Key {
  number: number;
  attribute: string;
  valueKey: string;
}

export const keyText = ({ attribute, valueKey }: Pick<Key, 'attribute' | 'valueKey'>) => `${attribute}\n${valueKey}`;

/** The rows that have these logins and unique values already, by `keyText`. */
export async function ownersOf(
  tx: Executor,
  { orgId, id }: Place,
  keys: readonly Key[],
): Promise<Map<string, { number: number; line: number }>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<Key & { line: number }>({
    name: 'import_keys_owners',
    text: `select first.attribute, first."valueKey", first.number, first.line
           from jsonb_to_recordset($3::jsonb) as w(attribute text, "valueKey" text) cross join lateral (
             select k.attribute, k.value_key as "valueKey", k.number, r.line from import_keys k
             join import_rows r on r.org_id = $1 and r.import_id = $2 and r.number = k.number
             where k.org_id = $1 and k.import_id = $2 and k.attribute = w.attribute and k.value_key = w."valueKey" limit 1) first`,
    values: [orgId, id, storableJson(keys)],
  });
  return new Map(rows.map((row) => [keyText(row), { number: row.number, line: row.line }]));
}

export async function claimKeys(tx: Executor, { orgId, id }: Place, keys: readonly Key[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query({
    name: 'import_keys_claim',
    text: `insert into import_keys (org_id, import_id, attribute, value_key, number)
           select $1, $2, w.attribute, w."valueKey", w.number
           from jsonb_to_recordset($3::jsonb) as w(number int, attribute text, "valueKey" text)
           order by w.attribute, w."valueKey" on conflict do nothing`,
    values: [orgId, id, storableJson(keys)],
  });
}

export async function forgetKeys(tx: Executor, { orgId, id }: Place): Promise<void> {
  await tx.query({ text: 'delete from import_keys where org_id = $1 and import_id = $2', values: [orgId, id] });
}

const AT_A_TIME = 20_000;

/** Deletes the rows of a file, a part at a time. */
export async function removeRows(db: Executor, place: Place): Promise<void> {
  const { orgId, id } = place;
  await forgetKeys(db, place);
  const { rows } = await db.query<{ last: number }>({
    text: 'select coalesce(max(number), 0) as last from import_rows where org_id = $1 and import_id = $2',
    values: [orgId, id],
  });
  for (let to = 0; to < rows[0]!.last; ) {
    const from = to;
    to += AT_A_TIME;
    await db.query({
      text: 'delete from import_rows where org_id = $1 and import_id = $2 and number > $3 and number <= $4',
      values: [orgId, id, from, to],
    });
  }
}
