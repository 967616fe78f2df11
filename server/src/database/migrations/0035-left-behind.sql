-- What was attached to a user, group, application or provider in the moment in which that was deleted stayed for ever: nothing shows it any
-- more, so nobody could remove it. From now on whoever attaches holds what it attaches to.

-- The keys of links whose users are gone are remembered, as when the user is deleted in peace.
with removed as (
  delete from external_identities e where not exists (select 1 from users u where u.org_id = e.org_id and u.id = e.user_id)
  returning org_id, idp_id, issuer, subject, last_updated
)
insert into tombstones (org_id, kind, key, deleted)
  select org_id, 'external_identity', idp_id || E'\n' || issuer || E'\n' || subject, last_updated from removed
  on conflict do nothing;
delete from external_identities e where not exists (select 1 from identity_providers p where p.org_id = e.org_id and p.id = e.idp_id);
delete from idp_signing_keys k where not exists (select 1 from identity_providers p where p.org_id = k.org_id and p.id = k.idp_id);

delete from app_groups a where not exists (select 1 from applications p where p.org_id = a.org_id and p.id = a.app_id)
  or not exists (select 1 from groups g where g.org_id = a.org_id and g.id = a.group_id);
delete from group_members m where not exists (select 1 from users u where u.org_id = m.org_id and u.id = m.user_id)
  or not exists (select 1 from groups g where g.org_id = m.org_id and g.id = m.group_id);
delete from group_rule_members r where not exists (
  select 1 from group_members m where m.org_id = r.org_id and m.group_id = r.group_id and m.user_id = r.user_id);
delete from app_users a where not exists (select 1 from applications p where p.org_id = a.org_id and p.id = a.app_id)
  or not exists (select 1 from users u where u.org_id = a.org_id and u.id = a.user_id)
  or a.scope = 'GROUP' and not exists (
    select 1 from app_groups g join group_members m on m.org_id = g.org_id and m.group_id = g.group_id
    where g.org_id = a.org_id and g.app_id = a.app_id and m.user_id = a.user_id);

delete from app_scope_grants s where not exists (select 1 from applications p where p.org_id = s.org_id and p.id = s.app_id);
delete from client_roles r where not exists (select 1 from applications p where p.org_id = r.org_id and p.id = r.app_id);
delete from client_tokens t where not exists (select 1 from applications p where p.org_id = t.org_id and p.id = t.app_id);

do $$
declare
  name text;
begin
  foreach name in array array[
    'user_profile_sources', 'attribute_values', 'user_roles', 'user_tokens', 'session_tokens', 'api_tokens', 'mail_messages'
  ] loop
    execute format('delete from %I t where not exists (select 1 from users u where u.org_id = t.org_id and u.id = t.user_id)', name);
  end loop;
end $$;

-- What has ended already is removed in its time; what is open would let nobody in, and is not shown to anybody.
delete from sessions s where s.ended is null and not exists (select 1 from users u where u.org_id = s.org_id and u.id = s.user_id);
delete from tokens t using grants g where g.org_id = t.org_id and g.id = t.grant_id and g.revoked is null
  and not exists (select 1 from users u where u.org_id = g.org_id and u.id = g.user_id);
delete from grants g where g.revoked is null and not exists (select 1 from users u where u.org_id = g.org_id and u.id = g.user_id);
