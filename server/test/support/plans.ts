/** How PostgreSQL would run a statement. */
import type pg from 'pg';

export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Plan[];
}

/** With `generic` the plan that serves every value of the statement's parameters; otherwise the one for these values. */
export async function planOf(client: pg.Client, text: string, how: unknown[] | 'generic'): Promise<Plan> {
  const generic = how === 'generic';
  const { rows } = await client.query({
    text: `explain (${generic ? 'generic_plan, ' : ''}format json) ${text}`,
    values: generic ? [] : how,
  });
  const [first] = rows[0]['QUERY PLAN'] as { Plan: Plan }[];
  return first!.Plan;
}

/** A plan with all that it consists of. */
export const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
