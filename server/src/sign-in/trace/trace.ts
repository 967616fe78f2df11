/**
 * The trace of one sign-in: what each step received and what was made of it, redacted, under the id that the error page shows. It is
 * best effort, unlike the System Log (rulings 40). The kinds of step are a closed, versioned set.
 */
import type { Json } from '../../shared/json.ts';

export const STEP_KINDS = {
  /** Not for an application: at the portal, by a link, by the provider itself. */
  'sign_in.began': 'Sign-in began',
  'request.received': 'Application asked for a sign-in',
  'request.checked': 'Request checked',
  'session.found': 'Existing session considered',
  'rule.chosen': 'Routing rule chosen',
  'provider.sent': 'Sent to the identity provider',
  'provider.returned': 'Came back from the identity provider',
  'provider.called': 'Identity provider called',
  'identity.checked': 'Identity checked',
  'password.checked': 'Password checked',
  'attributes.mapped': 'Attributes mapped',
  'account.matched': 'Account looked for',
  'account.decided': 'Account decision',
  'account.written': 'Account written',
  'sign_on.evaluated': 'Sign-on policy evaluated',
  'assignment.checked': 'Assignment checked',
  'grant.issued': 'Answer given to the application',
  'token.issued': 'Tokens issued',
  'sign_in.refused': 'Sign-in refused',
} as const;

export type StepKind = keyof typeof STEP_KINDS;

/** Kinds that one sign-in can have several steps of, and the line that tells these apart. */
const TELLING: Readonly<Record<string, { label: string; noun: string }>> = {
  'rule.chosen': { label: 'Rule', noun: '' },
  'provider.called': { label: 'Endpoint', noun: ' endpoint' },
};

/** What a reader sees of a step that is closed, for example "Identity provider called: token endpoint". */
export function titleOf({ kind, detail = [] }: { kind: string; detail?: readonly TraceLine[] }): string {
  const title: string = Object.hasOwn(STEP_KINDS, kind) ? STEP_KINDS[kind as StepKind] : kind;
  const telling = Object.hasOwn(TELLING, kind) ? TELLING[kind] : undefined;
  const made = detail.find(({ label }) => label === telling?.label)?.made;
  return telling === undefined || typeof made !== 'string' ? title : `${title}: ${made}${telling.noun}`;
}

export interface TraceStep {
  kind: StepKind;
  outcome: 'PASSED' | 'CHANGED' | 'FAILED' | 'INFO';
  /** Stable code of a failure. */
  code?: string;
  /** Lines of the step: what was received (left) and what was made of it (right). Values are redacted by the trace. */
  detail?: TraceLine[];
}

export interface TraceLine {
  label: string;
  received?: Json;
  made?: Json;
  /** The values belong to the person (claims, attributes): sealed at rest and masked when read, unless the label is showable. */
  personal?: boolean;
}

/** What a step may do with the trace: add to it. */
export interface TraceWriter {
  readonly id: string;
  step(step: TraceStep): void;
}

/** What is known of the sign-in as a whole; later facts replace earlier ones. */
export interface TraceFacts {
  outcome?: 'OPEN' | 'SUCCESS' | 'FAILURE';
  reason?: string;
  appId?: string;
  idpId?: string;
  userId?: string;
  login?: string;
}

export interface Trace extends TraceWriter {
  fact(facts: TraceFacts): void;
}
