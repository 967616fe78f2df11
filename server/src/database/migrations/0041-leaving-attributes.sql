-- Attributes that a schema has lost while people still have values of them: a job takes the values away, and until it is done nobody
-- reads them. owner_id: a user type, or 'group'.
create table leaving_attributes (
  org_id text collate "C" not null,
  owner_id text collate "C" not null,
  name text collate "C" not null,
  job_id text collate "C" not null,
  primary key (org_id, owner_id, name)
);

-- A profile as it is to be read. Not in SQL: of such a function every statement that calls it would plan the body anew.
create function gatehouse_profile(org text, owner text, stored jsonb) returns jsonb language plpgsql stable parallel safe as $$
begin
  return stored - array(select l.name from leaving_attributes l where l.org_id = org and l.owner_id = owner);
end $$;
