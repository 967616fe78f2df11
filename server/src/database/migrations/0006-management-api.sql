-- Pages elsewhere that may call the authorization server with a person's session (rulings 29).
create table trusted_origins (
  org_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  origin text collate "C" not null,
  scopes text[] not null,
  status text not null,
  created timestamptz(3) not null,
  created_by text collate "C" not null,
  last_updated timestamptz(3) not null,
  last_updated_by text collate "C" not null,
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index trusted_origins_name on trusted_origins (org_id, lower(name));
create unique index trusted_origins_origin on trusted_origins (org_id, origin);

-- A lost update is refused for API tokens too (rulings 32).
alter table api_tokens add column version integer not null default 1;
