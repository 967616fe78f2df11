/** Rows that name what is no longer there. Tables of different modules have no foreign keys: whoever attaches holds what it attaches to. */
import type { TestHub } from './app.ts';

const OWNERS: Record<string, string> = {
  user_id: 'users',
  group_id: 'groups',
  app_id: 'applications',
  idp_id: 'identity_providers',
};

const ATTACHED: Record<string, readonly string[]> = {
  external_identities: ['user_id', 'idp_id'],
  group_members: ['user_id', 'group_id'],
  group_rule_members: ['user_id', 'group_id'],
  app_users: ['user_id', 'app_id'],
  app_groups: ['group_id', 'app_id'],
  app_scope_grants: ['app_id'],
  client_roles: ['app_id'],
  idp_signing_keys: ['idp_id'],
  user_profile_sources: ['user_id'],
  attribute_values: ['user_id'],
  user_roles: ['user_id'],
  user_tokens: ['user_id'],
  api_tokens: ['user_id'],
  mail_messages: ['user_id'],
};

/** "table.column" of each kind of row that was left behind; sorted. */
export async function orphansIn({ database }: Pick<TestHub, 'database'>): Promise<string[]> {
  const found: string[] = [];
  for (const [table, columns] of Object.entries(ATTACHED))
    for (const column of columns) {
      const { rowCount } = await database.query({
        text: `select 1 from ${table} t where not exists (select 1 from ${OWNERS[column]} o where o.org_id = t.org_id and o.id = t.${column})`,
        values: [],
      });
      if (rowCount > 0) found.push(`${table}.${column}`);
    }
  // What a group gave, without a group that gives it.
  const { rowCount } = await database.query({
    text: `select 1 from app_users a where a.scope = 'GROUP' and not exists (
             select 1 from app_groups g join group_members m on m.org_id = g.org_id and m.group_id = g.group_id
             where g.org_id = a.org_id and g.app_id = a.app_id and m.user_id = a.user_id)`,
    values: [],
  });
  if (rowCount > 0) found.push('app_users.scope');
  return found.sort();
}
