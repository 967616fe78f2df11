/** Many users at once, for imports: what would happen, and making it happen. */
import type { Executor } from '../../../database/index.ts';
import { userTarget } from '../schema.ts';
import { type BulkDecision, type BulkOptions, type BulkRow, type DecidePorts, decide } from './decide.ts';
import { write } from './write.ts';

export interface BulkUsers {
  /** One decision a row, in their order. */
  decide(
    db: Executor,
    input: { orgId: string; rows: readonly BulkRow[]; options: BulkOptions },
  ): Promise<BulkDecision[]>;
  /** Applies decisions that were made with `lock` in this transaction. */
  write: typeof write;
  /** Somebody as the target of a System Log event. */
  target: typeof userTarget;
}

export const createBulkUsers = (ports: DecidePorts): BulkUsers => ({
  decide: (db, input) => decide(db, ports, input),
  write,
  target: userTarget,
});
