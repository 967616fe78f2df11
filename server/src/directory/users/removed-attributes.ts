/** The SQL of attributes that a user type has lost: who still has values of them, and how these go, with all that stands beside them. */
import type { ValueHolders } from '../profile-schemas/index.ts';

/** Of users `u` of a type. */
const HOLDING = `from users u where u.org_id = $1 and u.type_id = $2 and (u.profile ?| $3 or exists (
  select 1 from user_profile_sources s where s.org_id = $1 and s.user_id = u.id and s."values" ?| $3))`;

export const userValues: ValueHolders = {
  async holdersOf(tx, orgId, { ownerId: typeId }, names, { after, limit }) {
    const { rows } = await tx.query<{ id: string }>({
      text: `select u.id ${HOLDING} and u.id > $4 order by u.id limit $5`,
      values: [orgId, typeId, names, after, limit],
    });
    return rows.map(({ id }) => id);
  },
  async countHolders(tx, orgId, { ownerId: typeId }, names) {
    const values = [orgId, typeId, names];
    const { rows } = await tx.query<{ count: number }>({ text: `select count(*) as count ${HOLDING}`, values });
    return rows[0]!.count;
  },
  /** Versions count up also where only a source said something: whoever has read that is to read again. */
  async removeAttributes(tx, orgId, names, ids) {
    if (ids.length === 0) return;
    await tx.query({
      text: 'select 1 from users where org_id = $1 and id = any($2) order by id for update',
      values: [orgId, ids],
    });
    const values = [orgId, ids, names];
    await tx.query({
      text: `update user_profile_sources set "values" = "values" - $3::text[], origins = origins - $3::text[]
             where org_id = $1 and user_id = any($2) and "values" ?| $3`,
      values,
    });
    await tx.query({
      text: 'delete from attribute_values where org_id = $1 and user_id = any($2) and attribute = any($3)',
      values,
    });
    await tx.query({
      text: 'update users set profile = profile - $3::text[], version = version + 1 where org_id = $1 and id = any($2)',
      values,
    });
  },
};
