/** What the account decision adds to the trace. */
import type { Trace, TraceLine } from '../../trace/index.ts';
import type { Decision } from '../decide.ts';
import type { Prepared } from '../prepare.ts';
import type { AccountFacts } from '../read.ts';

export function traceMapping(trace: Trace, prepared: Prepared): void {
  const { userName } = prepared;
  const lines: TraceLine[] = Object.entries(prepared.source).map(([label, received]) => ({
    label,
    received,
    personal: true,
  }));
  const made: TraceLine[] = Object.entries(prepared.created).map(([label, value]) => ({
    label: `user.${label}`,
    made: value,
    personal: true,
  }));
  trace.step({
    kind: 'attributes.mapped',
    outcome: userName.ok ? 'CHANGED' : 'FAILED',
    ...(userName.ok ? {} : { code: userName.code }),
    detail: [
      { label: 'User name', made: userName.ok ? userName.value : userName.detail, personal: userName.ok },
      ...lines,
      ...made,
      ...prepared.unmapped.map(({ target, message }) => ({ label: `user.${target}`, made: `not mapped: ${message}` })),
    ],
  });
}

export function traceDecision(trace: Trace, decision: Decision, facts: AccountFacts): void {
  trace.step({
    kind: 'account.matched',
    outcome: 'INFO',
    detail: [
      { label: 'Linked user', made: facts.linked?.id ?? null },
      { label: 'Found by login', made: facts.byLogin?.id ?? null },
      { label: 'Found by e-mail', made: facts.byEmail.map((user) => user.id) },
      { label: 'Found by attribute', made: facts.byAttribute.map((user) => user.id) },
    ],
  });
  trace.step(
    decision.kind === 'refuse'
      ? {
          kind: 'account.decided',
          outcome: 'FAILED',
          code: decision.code,
          detail: [
            { label: 'Reason', made: decision.reason },
            { label: 'Row', made: decision.row },
          ],
        }
      : {
          kind: 'account.decided',
          outcome: decision.kind === 'linked' ? 'PASSED' : 'CHANGED',
          detail: [
            { label: 'Decision', made: decision.kind },
            { label: 'Row', made: decision.row },
          ],
        },
  );
}
