/** What a local sign-in reads of a person: one statement, as with a federated one. */
import type { Executor } from '../../database/index.ts';
import { SUPER_ADMIN } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';

export interface LocalCredentials {
  id: string;
  login: string;
  version: number;
  profile: Record<string, Json>;
  emailVerified: boolean;
  lastUpdated: Date;
  passwordChanged: Date | null;
  isAdministrator: boolean;
  isSuperAdministrator: boolean;
  groupIds: string[];
  appIds: string[];
  status: string;
  passwordHash: string | null;
}

export async function findCredentials(db: Executor, orgId: string, loginKey: string): Promise<LocalCredentials | null> {
  const { rows } = await db.query<LocalCredentials>({
    name: 'sign_in_credentials',
    text: `select id, profile->>'login' as login, version, gatehouse_profile(org_id, type_id, profile) as profile, email_verified as "emailVerified", last_updated as "lastUpdated", password_changed as "passwordChanged", status,
        password_hash as "passwordHash",
        exists (select 1 from user_roles r where r.org_id = $1 and r.user_id = u.id) as "isAdministrator",
        exists (select 1 from user_roles r where r.org_id = $1 and r.user_id = u.id and r.role = $3) as "isSuperAdministrator",
        array(select group_id from group_members m where m.org_id = $1 and m.user_id = u.id) as "groupIds",
        array(select app_id from app_users a where a.org_id = $1 and a.user_id = u.id and a.status = 'ACTIVE') as "appIds"
      from users u where org_id = $1 and login_key = $2`,
    values: [orgId, loginKey, SUPER_ADMIN],
  });
  return rows[0] ?? null;
}
