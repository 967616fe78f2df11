/** What a sign-on policy decided of a session, as the trace, the System Log and a refusal tell of it. */
import type { FastifyRequest } from 'fastify';
import { clientOf } from '../../http/index.ts';
import type { SignOnDecision } from '../../routing-rules/index.ts';
import type { EventInput, LogTarget } from '../../system-log/index.ts';
import type { TraceStep } from '../trace/index.ts';

export const SIGN_ON_DENIED = 'sign_on_denied';

export const deniedReason = ({ policy, rule }: SignOnDecision) =>
  `The rule "${rule.name}" of the sign-on policy "${policy.name}" denies access.`;

/** Policy and rule, beside the person. */
export const signOnTargets = ({ policy, rule }: SignOnDecision): LogTarget[] => [
  { id: policy.id, type: 'PolicyEntity', alternateId: 'unknown', displayName: policy.name },
  { id: rule.id, type: 'PolicyRule', alternateId: 'unknown', displayName: rule.name },
];

/** Told only where a rule of an administrator decided; the default rule goes without saying. */
export function signOnEvents(decision: SignOnDecision, common: Omit<EventInput, 'type'>): EventInput[] {
  if (decision.rule.system || decision.access === 'DENY') return [];
  const targets = [...(common.targets ?? []), ...signOnTargets(decision)];
  return [{ ...common, type: 'policy.evaluate_sign_on', outcome: { result: 'ALLOW' }, targets }];
}

/** None where the default policy stands alone and lets in. */
export function signOnSteps({ access, policy, rule, considered }: SignOnDecision): TraceStep[] {
  if (rule.system && access === 'ALLOW' && considered.length <= 1) return [];
  return [
    {
      kind: 'sign_on.evaluated',
      outcome: access === 'ALLOW' ? 'PASSED' : 'FAILED',
      ...(access === 'DENY' && { code: SIGN_ON_DENIED }),
      detail: [
        { label: 'Policy', made: policy.name },
        { label: 'Rule', made: rule.name },
        ...considered.map(({ name, why, matched }) => ({
          label: name,
          received: why,
          made: matched ? (access === 'ALLOW' ? 'lets in' : 'denies') : 'passed over',
        })),
      ],
    },
  ];
}

/** The failed event of a right password, or of a session token, that a sign-on policy does not let in. */
export const deniedSession = (
  request: FastifyRequest,
  person: LogTarget,
  decision: SignOnDecision,
  at: Date,
): EventInput => ({
  orgId: request.org.id,
  type: 'user.session.start',
  at,
  outcome: { result: 'FAILURE', reason: deniedReason(decision) },
  targets: [person, ...signOnTargets(decision)],
  client: clientOf(request),
  requestId: request.id,
  authentication: { credentialType: 'PASSWORD' },
  debugData: { code: SIGN_ON_DENIED },
});
