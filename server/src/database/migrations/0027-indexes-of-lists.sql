-- What people and groups are listed, searched and sorted by stands in indexes, each ending with the id, so that a page is read where it
-- begins, however many rows there are. The expressions are those of directory/users/search/columns.ts, letter by letter. Indexes of custom
-- attributes are made when the attribute is (directory/users/search/attribute-indexes.ts).

-- The elements of a list, lower case, cut to what an index can hold.
create function gatehouse_terms(jsonb) returns tsvector language sql immutable strict parallel safe as $$
  select array_to_tsvector(array(
    select left(lower(item), 200) from jsonb_array_elements_text(case when jsonb_typeof($1) = 'array' then $1 else '[]' end) as item where item <> ''
  ))
$$;

create index users_present on users (org_id, id) where status <> 'DEPROVISIONED';
create index users_status on users (org_id, status collate "C", id);
create index users_created on users (org_id, created, id);
create index users_activated on users (org_id, activated, id);
create index users_status_changed on users (org_id, status_changed, id);
create index users_last_updated on users (org_id, last_updated, id);
create index users_email_order on users (org_id, email_key, id);
drop index users_email;

do $$
declare
  name text;
begin
  foreach name in array array[
    'firstName', 'lastName', 'middleName', 'honorificPrefix', 'honorificSuffix', 'title', 'displayName', 'nickName', 'profileUrl', 'secondEmail',
    'mobilePhone', 'primaryPhone', 'streetAddress', 'city', 'state', 'zipCode', 'countryCode', 'postalAddress', 'preferredLanguage', 'locale',
    'timezone', 'userType', 'employeeNumber', 'costCenter', 'organization', 'division', 'department', 'managerId', 'manager'
  ] loop
    execute format(
      'create index %I on users (org_id, (left(lower(profile->>%L), 200) collate "C"), id) where (left(lower(profile->>%L), 200) collate "C") is not null',
      'users_base_' || name, name, name
    );
  end loop;
end $$;

create index groups_by_name on groups (org_id, name_key collate "C", id);
create index groups_by_type on groups (org_id, type collate "C", id);
create index groups_last_updated on groups (org_id, last_updated, id);
create index groups_created on groups (org_id, created, id);
