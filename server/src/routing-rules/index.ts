/**
 * routing-rules: which way a sign-in goes, as an ordered list of rules. It is neither the providers (identity-providers) nor the page
 * that offers them (sign-in). It also keeps the org's one access policy, which applications refer to. Level 3.
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
export type { PolicyWire, RuleWire } from './wire.ts';
