/** The SQL of attributes that groups have no more: which of them still have values of them, and how these go. */
import type { ValueHolders } from '../profile-schemas/index.ts';

export const groupValues: ValueHolders = {
  async holdersOf(tx, orgId, _owner, names, { after, limit }) {
    const { rows } = await tx.query<{ id: string }>({
      text: 'select id from groups where org_id = $1 and profile ?| $2 and id > $3 order by id limit $4',
      values: [orgId, names, after, limit],
    });
    return rows.map(({ id }) => id);
  },
  async countHolders(tx, orgId, _owner, names) {
    const { rows } = await tx.query<{ count: number }>({
      text: 'select count(*) as count from groups where org_id = $1 and profile ?| $2',
      values: [orgId, names],
    });
    return rows[0]!.count;
  },
  async removeAttributes(tx, orgId, names, ids) {
    if (ids.length === 0) return;
    await tx.query({
      text: 'select 1 from groups where org_id = $1 and id = any($2) order by id for no key update',
      values: [orgId, ids],
    });
    await tx.query({
      text: 'update groups set profile = profile - $3::text[], version = version + 1 where org_id = $1 and id = any($2)',
      values: [orgId, ids, names],
    });
  },
};
