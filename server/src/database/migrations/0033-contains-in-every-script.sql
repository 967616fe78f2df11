-- The index of 0028 took the collation of the logins, "C", under which only ASCII letters have a lower case: nobody found "Émile" by it.
-- The database's own collation has one for every script.
drop index if exists users_contained;
do $$
begin
  create extension if not exists pg_trgm;
  create index users_contained on users using gin ((lower((coalesce(profile->>'firstName', '') || ' ' || coalesce(profile->>'lastName', '') || ' ' || login_key || ' ' || coalesce(email_key, '')) collate "default")) gin_trgm_ops);
exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
  raise notice 'pg_trgm is not available: searches with "co" look at every user.';
end $$;
