-- Groups have a schema of their own, one for all of them; orgs that exist get it here. An id is 'osc' and 17 characters of base62.
insert into profile_schemas (org_id, id, owner_kind, owner_id, name, title, created, last_updated)
  select o.id, 'osc' || substr(md5(o.id || ' group'), 1, 17), 'group', 'group', 'group', 'Gatehouse group', o.created, o.created
  from orgs o
  where not exists (select 1 from profile_schemas s where s.org_id = o.id and s.owner_kind = 'group');
