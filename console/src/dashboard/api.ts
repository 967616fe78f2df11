/** The few numbers of the dashboard, each counted on the first page of its list. */
import { useQuery } from '@tanstack/react-query';
import { query, request } from '../api/client.ts';
import { useList } from '../api/hooks.ts';
import type { Application, IdentityProvider, Policy, RoutingRule, SignIn } from '../contract.ts';

const PAGE = 200;

export interface Count {
  count: number;
  more: boolean;
}

export function useCount(name: string, path: string) {
  return useQuery({
    queryKey: ['dashboard', name],
    queryFn: async ({ signal }): Promise<Count> => {
      const { body, next } = await request<unknown[]>('GET', `${path}?limit=${PAGE}`, { signal });
      return { count: body.length, more: next !== null };
    },
  });
}

export function useLastSignIns(outcome: 'SUCCESS' | 'FAILURE') {
  const path = `/api/gatehouse/v1/sign-ins${query({ outcome, limit: 5 })}`;
  return useList<SignIn>(['dashboard', 'sign-ins', outcome], path);
}

/** What a first sign-in needs, and what of it is there. */
export function useSetup() {
  return useQuery({
    queryKey: ['dashboard', 'setup'],
    queryFn: async ({ signal }) => {
      const list = async <T>(path: string) => (await request<T[]>('GET', path, { signal })).body;
      const [providers, applications, policies] = await Promise.all([
        list<IdentityProvider>('/api/v1/idps?limit=50'),
        list<Application>('/api/v1/apps?limit=50'),
        list<Policy>('/api/v1/policies?type=IDP_DISCOVERY'),
      ]);
      const rules =
        policies[0] === undefined ? [] : await list<RoutingRule>(`/api/v1/policies/${policies[0].id}/rules`);
      return {
        provider: providers.some((provider) => provider.status === 'ACTIVE'),
        rule: rules.some((rule) => !rule.system && rule.status === 'ACTIVE'),
        application: applications.some((application) => application.status === 'ACTIVE'),
      };
    },
  });
}
