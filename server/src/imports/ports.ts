/** What an import asks of the directory and of the jobs. */
import type { Executor } from '../database/index.ts';
import type { BulkGroups } from '../directory/groups/index.ts';
import type { Schemas } from '../directory/profile-schemas/index.ts';
import type { BulkUsers } from '../directory/users/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Caller } from '../system-log/index.ts';

export interface ImportPorts {
  schemas: Pick<Schemas, 'compiledUserSchema' | 'coerce'>;
  users: BulkUsers;
  groups: BulkGroups;
  jobs: Pick<Jobs, 'start'>;
  /** Group rules look at people who were created or changed, or whose memberships were. */
  evaluateRules(tx: Executor, caller: Caller, userIds: readonly string[], at: Date): Promise<void>;
  /** Whether somebody may change administrators at this moment. */
  isSuperAdministrator(db: Executor, orgId: string, userId: string): Promise<boolean>;
}
