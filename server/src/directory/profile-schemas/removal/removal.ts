/**
 * What people or groups hold of attributes that their schema has lost. Of few it is taken away in the transaction of the change; of more
 * by a job, and until that is done `gatehouse_profile` keeps every reader from it and the name cannot be taken again.
 */
import type { Executor } from '../../../database/index.ts';
import { apiErrors } from '../../../http/index.ts';
import type { JobHandler, Jobs } from '../../../jobs/index.ts';
import type { Caller } from '../../../system-log/index.ts';
import type { CompiledSchema, OwnerKind } from '../attribute.ts';
import { deleteLeaving, insertLeaving, leavingOf } from './store.ts';

/** Whose profiles a schema describes. */
export type ProfileOwner = Pick<CompiledSchema, 'ownerKind' | 'ownerId'>;

export interface ValueHolders {
  /** Ids of those who have a value of any of the attributes, or of whom a source says one, in the order of ids, after an id. */
  holdersOf(
    tx: Executor,
    orgId: string,
    owner: ProfileOwner,
    names: readonly string[],
    page: { after: string; limit: number },
  ): Promise<string[]>;
  countHolders(tx: Executor, orgId: string, owner: ProfileOwner, names: readonly string[]): Promise<number>;
  /** Takes the attributes out of all that is kept of those ids. */
  removeAttributes(tx: Executor, orgId: string, names: readonly string[], ids: readonly string[]): Promise<void>;
}

export interface RemovalPorts {
  /** Those of the people, or of the groups. */
  values(ownerKind: OwnerKind): ValueHolders;
  jobs: Pick<Jobs, 'start'>;
}

const AT_ONCE = 1_000;
const HOLDERS_PER_STEP = 1_000;
/** So many attributes stand in the title of a job. */
const NAMED = 5;
const KIND = 'attribute-removal';

interface Removal {
  owner: ProfileOwner;
  names: string[];
}

/** Of attributes that the schema has lost in this transaction, which holds the schema. */
export async function removeValues(
  tx: Executor,
  ports: RemovalPorts,
  caller: Caller,
  { owner, names }: Removal,
): Promise<void> {
  const { orgId } = caller;
  const values = ports.values(owner.ownerKind);
  const ids = await values.holdersOf(tx, orgId, owner, names, { after: '', limit: AT_ONCE + 1 });
  if (ids.length <= AT_ONCE) return values.removeAttributes(tx, orgId, names, ids);
  const params = { owner: { ownerKind: owner.ownerKind, ownerId: owner.ownerId }, names };
  const job = await ports.jobs.start(tx, caller, { kind: KIND, title: titleOf(names), params, total: null });
  await insertLeaving(tx, orgId, owner.ownerId, { names, jobId: job.id });
}

/** Throws E0000001 for a name whose former values are still being taken away: they would come back as values of the new attribute. */
export async function refuseLeaving(
  tx: Executor,
  orgId: string,
  { ownerId }: ProfileOwner,
  added: readonly string[],
): Promise<void> {
  if (added.length === 0) return;
  const leaving = (await leavingOf(tx, orgId, ownerId)).filter(({ name }) => added.includes(name));
  const [first] = leaving;
  if (first === undefined) return;
  throw apiErrors.validation(first.name, ...leaving.map(stillThere));
}

const stillThere = ({ name, jobId }: { name: string; jobId: string }) =>
  `${name}: cannot be added yet, the job ${jobId} still removes the values of the former attribute of this name: add it when that job has ended`;

function titleOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  const which = names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `Remove the values of ${names.length === 1 ? 'the removed attribute' : 'the removed attributes'} ${which}`;
}

/** The last pass finds nobody: so nobody is left who was being written when the attribute went. */
export function removalJob(ports: Pick<RemovalPorts, 'values'>): JobHandler {
  return {
    kind: KIND,
    mustEnd: 'the attribute is gone already, and its name cannot be taken again before its values are gone too',
    async step(tx, { id, orgId, params, cursor }) {
      const { owner, names } = params as unknown as Removal;
      const values = ports.values(owner.ownerKind);
      const after = String(cursor ?? '');
      const total = cursor === null ? { total: await values.countHolders(tx, orgId, owner, names) } : {};
      const ids = await values.holdersOf(tx, orgId, owner, names, { after, limit: HOLDERS_PER_STEP });
      await values.removeAttributes(tx, orgId, names, ids);
      const passed = ids.length < HOLDERS_PER_STEP;
      const finished = passed && after === '';
      if (finished) await deleteLeaving(tx, orgId, id);
      return { ...total, cursor: passed ? '' : ids.at(-1)!, done: ids.length, finished };
    },
  };
}
