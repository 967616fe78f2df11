/**
 * routing-rules: policies, each an ordered list of rules: which way a sign-in goes, and (sign-on/) whether its session may begin and how
 * long it lasts. It is neither the providers (identity-providers) nor the page that offers them (sign-in). It also keeps the org's one
 * access policy, which applications refer to. Level 3.
 */
export {
  type CompiledRule,
  type ConsideredRule,
  evaluate,
  type Presentation,
  type RouteContext,
  type RouteDecision,
  type RouteProvider,
  type RuleZone,
} from './evaluate.ts';
export { policyRoutes } from './routes.ts';
export type { RuleBody } from './schema.ts';
export { createRoutingRules, type RoutingRules, type RoutingRulesDeps } from './service.ts';
export type { SessionLimits, SignOnContext, SignOnDecision } from './sign-on/evaluate.ts';
export type { SignOnPolicyWire, SignOnRuleWire } from './sign-on/wire.ts';
export type { PolicyWire, RuleWire } from './wire.ts';
