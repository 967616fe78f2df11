/** What the screens of routing rules ask of the hub: the one policy of its type, and the rules in it. */
import { request } from '../api/client.ts';
import { useChange, useList, usePages } from '../api/hooks.ts';
import type { Application, Policy, RoutingRule, RoutingRuleInput } from '../contract.ts';
import { texts } from './texts.ts';

const KEY = ['routing-rules'];

export function useRoutingPolicy() {
  return useList<Policy>([...KEY, 'policy'], '/api/v1/policies?type=IDP_DISCOVERY');
}

export function useRoutingRules(policyId: string | undefined) {
  return usePages<RoutingRule>([...KEY, 'list'], `/api/v1/policies/${policyId}/rules`, {
    enabled: policyId !== undefined,
  });
}

export interface SaveRule {
  policyId: string;
  /** Absent: the rule is new. */
  id?: string;
  input: RoutingRuleInput;
  activate: boolean;
}

export function useSaveRule() {
  return useChange(
    ({ policyId, id, input, activate }: SaveRule) =>
      id === undefined
        ? request<RoutingRule>('POST', `/api/v1/policies/${policyId}/rules?activate=${activate}`, { body: input })
        : request<RoutingRule>('PUT', `/api/v1/policies/${policyId}/rules/${id}`, { body: input }),
    { done: texts.saved, showsErrors: true, outdates: [KEY] },
  );
}

export function useMoveRule(policyId: string | undefined) {
  return useChange(
    ({ rule, priority }: { rule: RoutingRule; priority: number }) =>
      request<RoutingRule>('PUT', `/api/v1/policies/${policyId}/rules/${rule.id}`, { body: { ...rule, priority } }),
    { done: texts.moved, outdates: [KEY] },
  );
}

export function useSwitchRule(policyId: string | undefined) {
  return useChange(
    ({ id, to }: { id: string; to: 'activate' | 'deactivate' }) =>
      request<null>('POST', `/api/v1/policies/${policyId}/rules/${id}/lifecycle/${to}`),
    { done: texts.switched, outdates: [KEY] },
  );
}

export function useDeleteRule(policyId: string | undefined) {
  return useChange((id: string) => request<null>('DELETE', `/api/v1/policies/${policyId}/rules/${id}`), {
    done: texts.deleted,
    outdates: [KEY],
  });
}

export function useApplicationChoices() {
  return useList<Application>(['applications', 'choices'], '/api/v1/apps?limit=200');
}
