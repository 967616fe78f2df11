/** Who is here, where, and what the palette can find. */

import { query } from '../api/client.ts';
import { useList, useObject } from '../api/hooks.ts';
import type { Application, IdentityProvider, Org, User } from '../contract.ts';

const FOUND_AT_MOST = 5;

export function useMe() {
  return useObject<User>(['me'], '/api/v1/users/me');
}

/** Whether this person may administer at all: what every screen needs first. Refused with 403 where not. */
export function useAccess(enabled: boolean) {
  return useList<User>(['access'], `/api/v1/users${query({ limit: 1 })}`, { enabled });
}

export function useOrg(enabled: boolean) {
  return useObject<Org>(['org'], '/api/v1/org', { enabled });
}

export function useFoundPeople(q: string) {
  return useList<User>(['palette', 'people', q], `/api/v1/users${query({ q, limit: FOUND_AT_MOST })}`, {
    enabled: q !== '',
  });
}

export function useFoundApplications(q: string) {
  return useList<Application>(['palette', 'applications', q], `/api/v1/apps${query({ q, limit: FOUND_AT_MOST })}`, {
    enabled: q !== '',
  });
}

export function useFoundProviders(q: string) {
  return useList<IdentityProvider>(['palette', 'providers', q], `/api/v1/idps${query({ q, limit: FOUND_AT_MOST })}`, {
    enabled: q !== '',
  });
}
