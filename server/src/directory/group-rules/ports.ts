/** What group rules ask of the rest of the house; app.ts supplies it. */
import type { Database, Executor } from '../../database/index.ts';
import type { Jobs } from '../../jobs/index.ts';
import type { Configuration } from '../../orgs/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { LogTarget } from '../../system-log/index.ts';
import type { Gifts } from '../groups/index.ts';
import type { RuleSubject } from './evaluate.ts';

export interface RulePerson extends RuleSubject {
  target: LogTarget;
}

export interface GroupRulesDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  people: {
    /** Those of the ids that exist and are not deprovisioned, their rows held until the transaction ends. */
    hold(tx: Executor, orgId: string, ids: readonly string[]): Promise<RulePerson[]>;
    /** Everybody who is not deprovisioned, by id, after an id. */
    after(db: Executor, orgId: string, id: string, limit: number): Promise<RulePerson[]>;
    byIds(db: Executor, orgId: string, ids: readonly string[]): Promise<RulePerson[]>;
    /** How many are not deprovisioned. */
    count(db: Executor, orgId: string): Promise<number>;
    /** By id or login. Throws E0000007. */
    find(orgId: string, idOrLogin: string): Promise<RulePerson>;
  };
  groups: {
    gifts: Gifts;
    /** Which of the ids are no groups. */
    unknown(orgId: string, ids: readonly string[]): Promise<string[]>;
    everyone(db: Executor, orgId: string): Promise<{ id: string; name: string }>;
  };
  jobs: Pick<Jobs, 'start'>;
}
