/** The sign-on policies of an org, ready to be evaluated; and the default policy that every org has. */
import type { Executor } from '../../database/index.ts';
import { newId } from '../../shared/ids.ts';
import { PRODUCT } from '../../shared/product.ts';
import type { CompiledNetwork } from '../evaluate.ts';
import type { RoutingRulesDeps } from '../service.ts';
import type { SignOnRule } from '../store.ts';
import * as store from '../store.ts';
import type { CompiledSignOnPolicy, CompiledSignOnRule } from './evaluate.ts';
import { DEFAULT_SESSION } from './schema.ts';

export async function loadSignOnPolicies(
  { groups }: Pick<RoutingRulesDeps, 'groups'>,
  db: Executor,
  orgId: string,
  networkOf: (network: SignOnRule['conditions']['network']) => Promise<CompiledNetwork>,
): Promise<readonly CompiledSignOnPolicy[]> {
  const policies = (await store.policiesOf(db, orgId)).filter(({ type }) => type === 'OKTA_SIGN_ON');
  const everyone = policies.length > 1 ? await groups.everyoneId(orgId) : null;
  return Promise.all(
    policies.map(async ({ id, name, status, conditions }) => {
      const rules = await store.rulesOf<SignOnRule>(db, orgId, id);
      const forAll = conditions === null || (everyone !== null && conditions.groups.includes(everyone));
      return {
        id,
        name,
        active: status === 'ACTIVE',
        groups: forAll ? null : new Set(conditions?.groups),
        rules: await Promise.all(
          rules.map(async (rule) => compileSignOnRule(rule, await networkOf(rule.conditions.network))),
        ),
      };
    }),
  );
}

function compileSignOnRule(rule: SignOnRule, network: CompiledNetwork): CompiledSignOnRule {
  const { access, session } = rule.actions;
  const { maxSessionIdleMinutes, maxSessionLifetimeMinutes } = session;
  return {
    id: rule.id,
    name: rule.name,
    active: rule.status === 'ACTIVE',
    system: rule.system,
    network,
    except: new Set(rule.conditions.except),
    access,
    session: {
      idleMinutes: maxSessionIdleMinutes,
      lifetimeMinutes: maxSessionLifetimeMinutes === 0 ? null : maxSessionLifetimeMinutes,
    },
  };
}

/** True when it was made now. */
export async function ensureDefaultSignOnPolicy(tx: Executor, orgId: string, at: Date): Promise<boolean> {
  const policy = {
    id: newId('policy', at),
    type: 'OKTA_SIGN_ON',
    name: 'Default Policy',
    description: `Holds for everybody in ${PRODUCT} for whom no policy before it decides`,
    created: at,
  } as const;
  if (!(await store.insertSystemPolicy(tx, orgId, policy))) return false;
  const rule: SignOnRule = {
    id: newId('policyRule', at),
    policyId: policy.id,
    name: 'Default Rule',
    status: 'ACTIVE',
    priority: 1,
    system: true,
    conditions: { except: [] },
    actions: { access: 'ALLOW', session: { ...DEFAULT_SESSION }, factors: {} },
    created: at,
    lastUpdated: at,
    version: 1,
  };
  await store.insertRule(tx, orgId, rule);
  return true;
}
