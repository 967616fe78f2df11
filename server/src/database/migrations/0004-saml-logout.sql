-- What a provider must be told to end its session too, or tells the hub: NameID and SessionIndex of the sign-in.
alter table sessions add column logout jsonb;
create index sessions_logout on sessions (org_id, idp_id, (logout ->> 'nameId')) where logout is not null and ended is null;
