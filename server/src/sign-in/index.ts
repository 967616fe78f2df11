/**
 * sign-in: from "somebody must be authenticated" to a session: the transaction, the dispatcher that alone decides what is next, the
 * hosted pages, the callback, the account decision. It is not the authorization server (which asks for it) nor a provider's protocol
 * (a connector's). Level 4.
 */
export {
  STEP_KINDS,
  type StepKind,
  type Trace,
  type TraceFacts,
  type TraceLine,
  type TraceStep,
  type TraceWriter,
} from './trace/trace.ts';
