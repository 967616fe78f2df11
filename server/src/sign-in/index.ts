/**
 * sign-in: from "somebody must be authenticated" to a session: the transaction, the dispatcher that alone decides what is next, the
 * hosted pages, the callback, the account decision. It is not the authorization server (which asks for it) nor a provider's protocol
 * (a connector's). Level 4.
 */

export { findCredentials } from './account/credentials.ts';
export { hostedPages } from './hosted-pages.ts';
export { type Html, html, literal, mark } from './page/index.ts';
export { createPasswordCheck, forgetGuesses, purgePasswordAttempts } from './passwords/index.ts';
export type { SignInPorts } from './ports.ts';
export { signInRoutes } from './routes.ts';
export { createSignIn, type SignIn } from './service.ts';
export { type SessionRoutesDeps, sessionRoutes } from './session-api/routes.ts';
export type { SessionWire } from './session-api/wire.ts';
export { purgeSessions } from './sessions/index.ts';
export {
  createTraces,
  purgeTraces,
  type SignInTraceWire,
  type SignInWire,
  type TraceNames,
  type Traces,
  traceRoutes,
} from './trace/index.ts';
export {
  STEP_KINDS,
  type StepKind,
  type Trace,
  type TraceFacts,
  type TraceLine,
  type TraceStep,
  type TraceWriter,
} from './trace/trace.ts';
export { purgeTransactions } from './transaction/index.ts';
