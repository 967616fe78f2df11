/**
 * The dispatcher: from the stored state of a sign-in to the one thing that comes next. Steps return here; nobody else decides.
 * It reads compiled configuration only.
 */
import type { IdentityProvider } from '../identity-providers/index.ts';
import type { RouteDecision } from '../routing-rules/index.ts';
import type { SignInPorts } from './ports.ts';
import type { TraceWriter } from './trace/index.ts';
import type { SignInTransaction } from './transaction/index.ts';

export type Next =
  | { kind: 'provider'; idp: IdentityProvider; ruleId: string | null }
  | { kind: 'choose'; providers: IdentityProvider[]; local: boolean; ruleId: string }
  | { kind: 'identify' }
  | { kind: 'local'; notice: string | null; passedOver: string | null };

export async function dispatch(
  ports: SignInPorts,
  transaction: SignInTransaction,
  from: { ip: string; userAgent: string },
  trace: TraceWriter,
): Promise<Next> {
  if (transaction.local !== undefined) return { kind: 'local', notice: transaction.local.notice, passedOver: null };
  const { orgId, request } = transaction;
  if (request?.idpId !== undefined) {
    const idp = await ports.identityProviders.byId(orgId, request.idpId);
    if (idp?.status === 'ACTIVE') {
      trace.step({
        kind: 'rule.chosen',
        outcome: 'INFO',
        detail: [
          { label: 'Why', made: `the request names the provider (idp=${idp.id}), so routing rules are skipped` },
        ],
      });
      return { kind: 'provider', idp, ruleId: null };
    }
  }
  const route = await ports.routing.decide(orgId, { ...wishOf(transaction), ...from });
  if (route.needs === 'login') return { kind: 'identify' };
  traceRoute(trace, route);
  const providers: IdentityProvider[] = [];
  for (const provider of route.providers) {
    const idp = provider.id === undefined ? null : await ports.identityProviders.byId(orgId, provider.id);
    if (idp?.status === 'ACTIVE') providers.push(idp);
  }
  const local = route.providers.some((provider) => provider.type === 'OKTA');
  const [only, ...others] = providers;
  if (only === undefined) return { kind: 'local', notice: null, passedOver: passedOver(route) };
  if (route.presentation === 'REDIRECT' && others.length === 0 && !local)
    return { kind: 'provider', idp: only, ruleId: route.rule.id };
  return { kind: 'choose', providers, local, ruleId: route.rule.id };
}

/** What the transaction knows for routing: the application, and the user name that was typed or that the application suggests. */
export function wishOf({ request, login }: SignInTransaction): { appId: string | null; login: string | null } {
  const known = login ?? request?.loginHint ?? '';
  return { appId: request?.appId ?? null, login: known === '' ? null : known };
}

/**
 * Whether who signed in through `idpId` (null: user name and password) may pass. A rule marked `enforce` binds whoever is signed in at
 * the end, whatever way the person came (security.md L11).
 */
export function permits({ enforce, providers }: RouteDecision, idpId: string | null): boolean {
  if (!enforce) return true;
  return providers.some((provider) => (idpId === null ? provider.type === 'OKTA' : provider.id === idpId));
}

function traceRoute(trace: TraceWriter, route: RouteDecision): void {
  trace.step({
    kind: 'rule.chosen',
    outcome: 'PASSED',
    detail: [
      { label: 'Rule', made: route.rule.name },
      { label: 'Presentation', made: route.presentation },
      ...route.considered.map((rule) => ({
        label: rule.name,
        received: rule.why,
        made: rule.matched ? 'chosen' : 'passed over',
      })),
    ],
  });
}

/** Why rules with a provider led nowhere: what an administrator looks for when a button does not appear. */
function passedOver(route: RouteDecision): string | null {
  const lost = route.considered.filter((rule) => !rule.matched && rule.ruleId !== route.rule.id);
  return lost.length === 0 ? null : lost.map((rule) => `"${rule.name}": ${rule.why}`).join('; ');
}
