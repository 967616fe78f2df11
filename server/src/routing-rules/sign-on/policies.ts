/** Changes of the sign-on policies: each under the lock of all of them, in one transaction with the renumbering and its log event. */
import { inTransaction } from '../../database/index.ts';
import { apiErrors, requireVersion } from '../../http/index.ts';
import { newId } from '../../shared/ids.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../../system-log/index.ts';
import { orderWith, policyTarget, refuseSameName } from '../rule-list.ts';
import type { NewPolicyBody, PolicyBody } from '../schema.ts';
import type { RoutingRulesDeps } from '../service.ts';
import type { Status, StoredPolicy } from '../store.ts';
import * as store from '../store.ts';
import { made } from './kind.ts';
import { readPolicyConditions } from './read.ts';

export interface SignOnPolicyChanges {
  create(caller: Caller, body: NewPolicyBody, activate: boolean): Promise<StoredPolicy>;
  replace(caller: Caller, id: string, body: PolicyBody, expectedVersion: number | null): Promise<StoredPolicy>;
  setStatus(caller: Caller, id: string, status: Status, expectedVersion: number | null): Promise<void>;
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
}

const TYPE = 'OKTA_SIGN_ON';

export function signOnPolicyChanges(deps: RoutingRulesDeps): SignOnPolicyChanges {
  const { groups } = deps;
  return {
    async create(caller, body, activate) {
      const conditions = made(readPolicyConditions(body.conditions));
      refuseUnknownGroups(await groups.unknown(caller.orgId, conditions.groups), null);
      const policy = await change(deps, caller, 'policy.lifecycle.create', async ({ tx, at, policies }) => {
        refuseSameName(policies, body.name, null);
        const fresh: StoredPolicy = {
          id: newId('policy', at),
          type: TYPE,
          name: body.name,
          description: body.description ?? null,
          status: activate && body.status !== 'INACTIVE' ? 'ACTIVE' : 'INACTIVE',
          priority: 0,
          system: false,
          conditions,
          created: at,
          lastUpdated: at,
          version: 1,
        };
        await store.insertPolicy(tx, caller.orgId, fresh);
        return { policy: fresh, order: orderWith(policies, fresh.id, body.priority ?? null) };
      });
      return policy!;
    },
    async replace(caller, id, body, expectedVersion) {
      const conditions = made(readPolicyConditions(body.conditions));
      const unknown = await groups.unknown(caller.orgId, conditions.groups);
      const everyone = await groups.everyoneId(caller.orgId);
      const policy = await change(deps, caller, 'policy.lifecycle.update', async ({ tx, at, policies }) => {
        const present = existing(policies, id);
        requireVersion(expectedVersion, present);
        refuseSameName(policies, body.name, id);
        if (present.system) refuseSystemChange(present, body, conditions.groups, everyone);
        refuseUnknownGroups(unknown, present);
        const next: StoredPolicy = {
          ...present,
          name: body.name,
          description: body.description ?? null,
          conditions: present.system ? null : conditions,
          lastUpdated: at,
          version: present.version + 1,
        };
        await store.updatePolicy(tx, caller.orgId, next);
        const order = present.system
          ? policies.map((item) => item.id)
          : orderWith(policies, id, body.priority ?? present.priority);
        return { policy: next, order };
      });
      return policy!;
    },
    async setStatus(caller, id, status, expectedVersion) {
      const type = status === 'ACTIVE' ? 'policy.lifecycle.activate' : 'policy.lifecycle.deactivate';
      await change(deps, caller, type, async ({ tx, at, policies }) => {
        const present = existing(policies, id);
        requireVersion(expectedVersion, present);
        if (present.system && status === 'INACTIVE')
          throw apiErrors.forbidden('The default policy cannot be deactivated.');
        if (present.status === status) return null;
        const next = { ...present, status, lastUpdated: at, version: present.version + 1 };
        await store.updatePolicy(tx, caller.orgId, next);
        return { policy: next, order: policies.map((item) => item.id) };
      });
    },
    async remove(caller, id, expectedVersion) {
      await change(deps, caller, 'policy.lifecycle.delete', async ({ tx, policies }) => {
        const present = existing(policies, id);
        requireVersion(expectedVersion, present);
        if (present.system) throw apiErrors.forbidden('The default policy cannot be deleted.');
        await store.deletePolicy(tx, caller.orgId, id);
        return { policy: present, order: policies.map((item) => item.id).filter((item) => item !== id) };
      });
    },
  };
}

type Open = { tx: Parameters<typeof store.insertPolicy>[0]; at: Date; policies: StoredPolicy[] };

async function change(
  { database, configuration, clock }: RoutingRulesDeps,
  caller: Caller,
  type: EventTypeName,
  work: (open: Open) => Promise<{ policy: StoredPolicy; order: string[] } | null>,
): Promise<StoredPolicy | null> {
  const { orgId } = caller;
  return inTransaction(database, async (tx) => {
    const at = clock.now();
    const done = await work({ tx, at, policies: await store.holdPolicies(tx, orgId, TYPE) });
    if (done === null) return null;
    const { policy, order } = done;
    await store.renumberPolicies(tx, orgId, order);
    await configuration.changed(tx, orgId);
    await record(tx, doneBy(caller, { type, at, targets: [policyTarget(policy)] }));
    return { ...policy, priority: order.indexOf(policy.id) + 1 || policy.priority };
  });
}

function existing(policies: readonly StoredPolicy[], id: string): StoredPolicy {
  const policy = policies.find((item) => item.id === id);
  if (policy === undefined) throw apiErrors.notFound(id, 'Policy');
  return policy;
}

/** A group that was deleted since may stay where it stood. */
function refuseUnknownGroups(unknown: readonly string[], present: StoredPolicy | null): void {
  const fresh = unknown.filter((id) => present?.conditions?.groups.includes(id) !== true);
  if (fresh.length > 0)
    throw apiErrors.validation(
      'conditions.people',
      ...fresh.map((id) => `conditions.people.groups.include: there is no group ${id}`),
    );
}

/** It is for everybody and comes last, so that some rule decides in every case. */
function refuseSystemChange(
  present: StoredPolicy,
  { name }: PolicyBody,
  groups: readonly string[],
  everyone: string,
): void {
  const same = groups.length === 0 || (groups.length === 1 && groups[0] === everyone);
  if (!same || name !== present.name)
    throw apiErrors.forbidden('The default policy keeps its name and is for everybody. Add a policy before it.');
}
