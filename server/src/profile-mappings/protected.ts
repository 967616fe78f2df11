/** What no mapping may write, whatever a claim says (security.md L5, H5). */
import { isUnsafeName } from '../shared/json.ts';

const PROTECTED: ReadonlySet<string> = new Set(
  [
    'id',
    'status',
    'roles',
    'role',
    'groups',
    'credentials',
    'password',
    'type',
    'provider',
    'factors',
    'mfa',
    'permissions',
    'admin',
    'isAdmin',
    'created',
    'activated',
    'lastLogin',
    'lastUpdated',
    'realmId',
  ].map((name) => name.toLowerCase()),
);

export function isProtectedTarget(name: string): boolean {
  return isUnsafeName(name) || PROTECTED.has(name.toLowerCase());
}
