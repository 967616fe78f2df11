-- Sign-on policies share the tables of policies and rules. conditions: whom a policy is for; null where it is for everybody.
alter table policies add column conditions jsonb;
create unique index policies_name on policies (org_id, type, lower(name));

-- How long a session lasts without use, in seconds; null for the hub's own length.
alter table sessions add column idle_seconds int;
