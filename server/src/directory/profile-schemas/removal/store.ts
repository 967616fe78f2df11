/** The SQL of `leaving_attributes`, which `gatehouse_profile` reads: names that a schema has lost and whose values a job still takes away. */
import type { Executor } from '../../../database/index.ts';

export interface Leaving {
  name: string;
  jobId: string;
}

export async function leavingOf(tx: Executor, orgId: string, ownerId: string): Promise<Leaving[]> {
  const { rows } = await tx.query<Leaving>({
    text: 'select name, job_id as "jobId" from leaving_attributes where org_id = $1 and owner_id = $2 order by name',
    values: [orgId, ownerId],
  });
  return rows;
}

export async function insertLeaving(
  tx: Executor,
  orgId: string,
  ownerId: string,
  { names, jobId }: { names: readonly string[]; jobId: string },
): Promise<void> {
  await tx.query({
    text: 'insert into leaving_attributes (org_id, owner_id, name, job_id) select $1, $2, unnest($3::text[]), $4',
    values: [orgId, ownerId, names, jobId],
  });
}

export async function deleteLeaving(tx: Executor, orgId: string, jobId: string): Promise<void> {
  await tx.query({ text: 'delete from leaving_attributes where org_id = $1 and job_id = $2', values: [orgId, jobId] });
}
