-- Network zones: addresses under a name, for routing rules and API tokens, or to be refused altogether.
create table network_zones (
  org_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  type text not null,
  status text not null,
  usage text not null,
  system boolean not null default false,
  definition jsonb not null,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index network_zones_name on network_zones (org_id, lower(name));
