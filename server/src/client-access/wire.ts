/** Wire shapes of scope grants and of the roles of clients, as the clients of the contract read them. */
import { ROLES } from '../http/index.ts';
import type { ClientRole, ScopeGrant } from './store.ts';

export interface GrantedTo {
  id: string;
  clientId: string;
  label: string;
}

export type ScopeGrantWire = ReturnType<typeof grantToWire>;

export function grantToWire(grant: ScopeGrant, app: GrantedTo, baseUrl: string) {
  const self = `${baseUrl}/api/v1/apps/${app.id}`;
  return {
    id: grant.id,
    status: 'ACTIVE',
    created: grant.created.toISOString(),
    createdBy: { id: grant.createdBy, type: 'User' },
    lastUpdated: grant.lastUpdated.toISOString(),
    issuer: baseUrl,
    clientId: app.clientId,
    scopeId: grant.scope,
    source: 'ADMIN',
    _links: {
      self: { href: `${self}/grants/${grant.id}`, hints: { allow: ['GET', 'DELETE'] } },
      app: { href: self, title: app.label },
      client: { href: self, title: app.label },
    },
  };
}

export type ClientRoleWire = ReturnType<typeof roleToWire>;

export function roleToWire({ role, created }: ClientRole, app: GrantedTo, baseUrl: string) {
  const at = created.toISOString();
  return {
    id: role,
    label: ROLES[role],
    type: role,
    status: 'ACTIVE',
    created: at,
    lastUpdated: at,
    assignmentType: 'CLIENT',
    _links: { assignee: { href: `${baseUrl}/api/v1/apps/${app.id}` } },
  };
}
