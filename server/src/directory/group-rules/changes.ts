/** Changes of group rules: each in one transaction with its log event, and with the job that follows from it. */
import { type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors, requireVersion } from '../../http/index.ts';
import { newId } from '../../shared/ids.ts';
import { type Caller, record } from '../../system-log/index.ts';
import { ruleEvent } from './events.ts';
import { evaluationOf, keepMemberships, removalOf } from './jobs.ts';
import type { GroupRulesDeps } from './ports.ts';
import { readRule } from './read-body.ts';
import type { GroupRule, GroupRuleBody, RuleStatus } from './schema.ts';
import * as store from './store.ts';

export interface RuleChanges {
  /** Rules begin inactive. Throws E0000001. */
  create(caller: Caller, body: GroupRuleBody): Promise<GroupRule>;
  /** Of an inactive rule only. Throws E0000001, E0000007, 412. */
  replace(caller: Caller, id: string, body: GroupRuleBody, expectedVersion: number | null): Promise<GroupRule>;
  /** Activation evaluates everybody in a job. Deactivation keeps the memberships. Nothing happens when it is so already. */
  setStatus(caller: Caller, id: string, status: RuleStatus, expectedVersion: number | null): Promise<void>;
  /**
   * Of an inactive rule only. `removeUsers`: whom the rule put into groups leaves them, in a job; otherwise, and where that job is ended
   * early, they stay as if put there by hand.
   */
  remove(caller: Caller, id: string, options: { removeUsers: boolean; expectedVersion: number | null }): Promise<void>;
  /** Evaluates everybody again, in a job. Returns its id. Throws 409 while one is under way. */
  run(caller: Caller, id: string): Promise<{ jobId: string }>;
}

export function ruleChanges(deps: GroupRulesDeps): RuleChanges {
  const { database, configuration, clock, jobs } = deps;
  return {
    async create(caller, body) {
      const at = clock.now();
      const content = await readRule(deps, caller.orgId, body, null);
      const rule: GroupRule = {
        id: newId('policyRule', at),
        orgId: caller.orgId,
        status: 'INACTIVE',
        ...content,
        created: at,
        lastUpdated: at,
        version: 1,
      };
      await inTransaction(database, async (tx) => {
        if (!(await store.insertRule(tx, rule))) throw apiErrors.duplicate('name');
        await record(tx, ruleEvent('policy.rule.add', caller, rule, at));
      });
      return rule;
    },
    async replace(caller, id, body, expectedVersion) {
      const content = await readRule(deps, caller.orgId, body, await existing(database, caller.orgId, id));
      return inTransaction(database, async (tx) => {
        const before = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, before);
        requireInactive(before, 'changed');
        const at = clock.now();
        const after = { ...before, ...content, lastUpdated: at, version: before.version + 1 };
        if (!(await store.updateRule(tx, after))) throw apiErrors.duplicate('name');
        await record(tx, ruleEvent('policy.rule.update', caller, after, at));
        return after;
      });
    },
    setStatus: (caller, id, status, expectedVersion) =>
      inTransaction(database, async (tx) => {
        await store.lockRules(tx, caller.orgId, 'alone');
        const rule = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, rule);
        if (rule.status === status) return;
        if (status === 'ACTIVE') await requireGroups(deps, tx, rule);
        const at = clock.now();
        await store.setStatus(tx, rule, status, at);
        await configuration.changed(tx, caller.orgId);
        const type = status === 'ACTIVE' ? 'policy.rule.activate' : 'policy.rule.deactivate';
        await record(tx, ruleEvent(type, caller, rule, at));
        if (status === 'ACTIVE') await start(tx, caller, rule, { join: true });
      }),
    remove: (caller, id, { removeUsers, expectedVersion }) =>
      inTransaction(database, async (tx) => {
        if (!removeUsers) await store.lockRules(tx, caller.orgId, 'alone');
        const rule = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, rule);
        requireInactive(rule, 'deleted');
        await store.deleteRule(tx, rule);
        const at = clock.now();
        await record(tx, { ...ruleEvent('policy.rule.delete', caller, rule, at), debugData: { removeUsers } });
        if (!removeUsers) return keepMemberships(deps, tx, caller, rule, at);
        const job = await removalOf(deps, tx, rule);
        if (job !== null) await jobs.start(tx, caller, job);
      }),
    run: (caller, id) =>
      inTransaction(database, async (tx) => {
        const rule = await existing(tx, caller.orgId, id);
        if (rule.status !== 'ACTIVE')
          throw apiErrors.validation(
            'status',
            `status: the rule "${rule.name}" is inactive: activate it, which runs it`,
          );
        return start(tx, caller, rule, { join: false });
      }),
  };

  async function start(
    tx: Executor,
    caller: Caller,
    rule: GroupRule,
    { join }: { join: boolean },
  ): Promise<{ jobId: string }> {
    const title = `Apply the group rule "${rule.name}" to everybody`;
    const about = { title, rule, ...(join ? { join: { title } } : {}) };
    const job = await jobs.start(tx, caller, await evaluationOf(deps, tx, caller.orgId, about));
    return { jobId: job.id };
  }
}

/** Throws E0000007. */
export async function existing(db: Executor, orgId: string, id: string, lock = false): Promise<GroupRule> {
  const rule = await store.findRule(db, orgId, id, lock);
  if (rule === null) throw apiErrors.notFound(id, 'GroupRule');
  return rule;
}

function requireInactive(rule: GroupRule, what: 'changed' | 'deleted'): void {
  if (rule.status === 'INACTIVE') return;
  throw apiErrors.validation(
    'status',
    `status: the rule "${rule.name}" is ACTIVE; only an inactive rule can be ${what}: deactivate it first`,
  );
}

async function requireGroups({ groups }: GroupRulesDeps, tx: Executor, rule: GroupRule): Promise<void> {
  const known = await groups.gifts.targets(tx, rule.orgId, rule.groupIds);
  const gone = rule.groupIds.filter((id) => !known.has(id));
  if (gone.length === 0) return;
  throw apiErrors.validation(
    'groupIds',
    ...gone.map(
      (id) => `actions.assignUserToGroups.groupIds: the group "${id}" does not exist any more: take it out first`,
    ),
  );
}
