/** The SQL of what proves a person beside the profile: password hash, recovery question, costs of imported hashes. */
import type { Executor } from '../../../database/index.ts';

type Owner = { orgId: string; id: string };

/** Both as PHC strings; null where there is none. */
export async function hashesOf(
  db: Executor,
  { orgId, id }: Owner,
): Promise<{ passwordHash: string | null; answerHash: string | null }> {
  const { rows } = await db.query<{ passwordHash: string | null; answerHash: string | null }>({
    text: `select password_hash as "passwordHash", recovery_answer as "answerHash" from users where org_id = $1 and id = $2`,
    values: [orgId, id],
  });
  return rows[0] ?? { passwordHash: null, answerHash: null };
}

/** `answerHash`: a PHC string. Null removes question and answer. */
export async function setRecovery(
  tx: Executor,
  { orgId, id }: Owner,
  recovery: { question: string; answerHash: string } | null,
): Promise<void> {
  await tx.query({
    text: 'update users set recovery_question = $3, recovery_answer = $4 where org_id = $1 and id = $2',
    values: [orgId, id, recovery?.question ?? null, recovery?.answerHash ?? null],
  });
}

/** Every wrong guess costs all of them (passwords.ts), so there must not be many. */
export const MOST_COSTS = 8;

/** Remembers that some people have a hash of this cost; false where the org has as many others as it may have. */
export async function noteCost(tx: Executor, orgId: string, cost: string, at: Date): Promise<boolean> {
  const { rows } = await tx.query<{ noted: boolean }>({
    text: `with known as (select cost from imported_password_costs where org_id = $1),
           added as (
             insert into imported_password_costs (org_id, cost, created)
             select $1, $2, $3 where (select count(*) from known) < $4 on conflict (org_id, cost) do nothing)
           select (select count(*) from known) < $4 or exists (select 1 from known where cost = $2) as noted`,
    values: [orgId, cost, at, MOST_COSTS],
  });
  return rows[0]!.noted;
}

export async function costsInUse(db: Executor): Promise<string[]> {
  const { rows } = await db.query<{ cost: string }>({
    name: 'imported_password_costs',
    text: 'select distinct cost from imported_password_costs order by cost',
    values: [],
  });
  return rows.map((row) => row.cost);
}

/** Forgets costs of which nobody has a hash any more; returns how many. */
export async function forgetUnusedCosts(db: Executor): Promise<number> {
  const { rowCount } = await db.query({
    text: `delete from imported_password_costs c where not exists (
             select 1 from users u where u.org_id = c.org_id and u.password_hash not like '$argon2%' and starts_with(u.password_hash, c.cost))`,
    values: [],
  });
  return rowCount;
}
