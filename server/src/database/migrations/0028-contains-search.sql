-- "Contains" in names, logins and e-mail addresses: an index of three-letter pieces, where the server has that extension and lets this role
-- add it (it comes with PostgreSQL, and any owner of a database may). Without it such a search looks at every user of the org.
do $$
begin
  create extension if not exists pg_trgm;
  create index users_contained on users using gin ((lower(coalesce(profile->>'firstName', '') || ' ' || coalesce(profile->>'lastName', '') || ' ' || login_key || ' ' || coalesce(email_key, ''))) gin_trgm_ops);
exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
  raise notice 'pg_trgm is not available: searches with "co" look at every user.';
end $$;
