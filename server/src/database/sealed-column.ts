/** Sealed values of one column under the current key-encryption key: what its store runs after the key was changed (rulings 4). */
import type { Executor } from './executor.ts';

export interface SealedColumn {
  table: string;
  /** The column that names a row within its org. */
  id: string;
  column: string;
  /** Where the column is an object: the member that is sealed. */
  member?: string;
}

/** Rewraps row by row, each only where nobody changed it meanwhile; returns how many were rewrapped. Names come from code, never from input. */
export async function rewrapColumn(
  db: Executor,
  place: SealedColumn,
  rewrap: (sealed: string) => string,
): Promise<number> {
  const { table, id, column, member } = place;
  const sealed = member === undefined ? column : `${column} ->> '${member}'`;
  const set = member === undefined ? '$4' : `jsonb_set(${column}, '{${member}}', to_jsonb($4::text))`;
  const { rows } = await db.query<{ org_id: string; id: string; sealed: string }>({
    text: `select org_id, ${id} as id, ${sealed} as sealed from ${table} where ${sealed} is not null`,
    values: [],
  });
  let rewrapped = 0;
  for (const row of rows) {
    const next = rewrap(row.sealed);
    if (next === row.sealed) continue;
    const { rowCount } = await db.query({
      text: `update ${table} set ${column} = ${set} where org_id = $1 and ${id} = $2 and ${sealed} = $3`,
      values: [row.org_id, row.id, row.sealed, next],
    });
    rewrapped += rowCount;
  }
  return rewrapped;
}
