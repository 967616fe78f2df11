/** The sign-in trace: what happened, step by step, kept 30 days. */
export { createTraces, type Traces } from './recorder.ts';
export { type SignInTraceWire, type SignInWire, type TraceNames, traceRoutes } from './routes.ts';
export { purgeTraces } from './store.ts';
export {
  STEP_KINDS,
  type StepKind,
  type Trace,
  type TraceFacts,
  type TraceLine,
  type TraceStep,
  type TraceWriter,
} from './trace.ts';
