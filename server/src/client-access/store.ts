/** The SQL of `app_scope_grants` and `client_roles`. */
import type { Executor } from '../database/index.ts';
import type { Role } from '../http/index.ts';

export interface ScopeGrant {
  id: string;
  appId: string;
  scope: string;
  created: Date;
  createdBy: string;
  lastUpdated: Date;
}

export interface ClientRole {
  appId: string;
  role: Role;
  created: Date;
}

const GRANT = `id, app_id as "appId", scope, created, created_by as "createdBy", last_updated as "lastUpdated"`;

export async function allGrants(db: Executor, orgId: string): Promise<ScopeGrant[]> {
  const { rows } = await db.query<ScopeGrant>({
    text: `select ${GRANT} from app_scope_grants where org_id = $1 order by app_id, scope`,
    values: [orgId],
  });
  return rows;
}

export async function grantsOf(db: Executor, orgId: string, appId: string): Promise<ScopeGrant[]> {
  const { rows } = await db.query<ScopeGrant>({
    text: `select ${GRANT} from app_scope_grants where org_id = $1 and app_id = $2 order by scope`,
    values: [orgId, appId],
  });
  return rows;
}

/** False when the application has the scope already. */
export async function insertGrant(tx: Executor, orgId: string, grant: ScopeGrant): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into app_scope_grants (org_id, app_id, id, scope, created, created_by, last_updated) values ($1, $2, $3, $4, $5, $6, $5)
      on conflict (org_id, app_id, scope) do nothing`,
    values: [orgId, grant.appId, grant.id, grant.scope, grant.created, grant.createdBy],
  });
  return rowCount === 1;
}

export async function deleteGrant(tx: Executor, orgId: string, appId: string, id: string): Promise<ScopeGrant | null> {
  const { rows } = await tx.query<ScopeGrant>({
    text: `delete from app_scope_grants where org_id = $1 and app_id = $2 and id = $3 returning ${GRANT}`,
    values: [orgId, appId, id],
  });
  return rows[0] ?? null;
}

export async function allRoles(db: Executor, orgId: string): Promise<ClientRole[]> {
  const { rows } = await db.query<ClientRole>({
    text: 'select app_id as "appId", role, created from client_roles where org_id = $1 order by app_id, role',
    values: [orgId],
  });
  return rows;
}

/** False when the application has the role already. */
export async function insertRole(tx: Executor, orgId: string, { appId, role, created }: ClientRole): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'insert into client_roles (org_id, app_id, role, created) values ($1, $2, $3, $4) on conflict do nothing',
    values: [orgId, appId, role, created],
  });
  return rowCount === 1;
}

export async function deleteRole(tx: Executor, orgId: string, appId: string, role: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: 'delete from client_roles where org_id = $1 and app_id = $2 and role = $3',
    values: [orgId, appId, role],
  });
  return rowCount === 1;
}

/** Everything of a deleted application. */
export async function removeOf(tx: Executor, orgId: string, appId: string): Promise<void> {
  for (const table of ['app_scope_grants', 'client_roles'])
    await tx.query({ text: `delete from ${table} where org_id = $1 and app_id = $2`, values: [orgId, appId] });
}
