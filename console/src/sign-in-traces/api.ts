/** What the screens of sign-in traces ask of the hub. */
import { query } from '../api/client.ts';
import { useObject, usePages } from '../api/hooks.ts';
import type { SignIn, SignInTrace } from '../contract.ts';

const BASE = '/api/gatehouse/v1/sign-ins';

export function useSignIns(outcome: string) {
  return usePages<SignIn>(['sign-ins', 'list', outcome], `${BASE}${query({ outcome, limit: 50 })}`);
}

export function useSignInTrace(id: string) {
  return useObject<SignInTrace>(['sign-ins', id], `${BASE}/${id}`, { enabled: id !== '' });
}
