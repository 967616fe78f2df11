-- Event hooks: addresses elsewhere that are told of events. The secret of the authentication header is sealed.
create table event_hooks (
  org_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  description text,
  status text not null,
  verification_status text not null,
  events text[] not null,
  filter jsonb,
  uri text not null,
  headers jsonb not null,
  auth_key text,
  auth_value text,
  created timestamptz(3) not null,
  created_by text collate "C" not null,
  last_updated timestamptz(3) not null,
  version integer not null default 1,
  primary key (org_id, id)
);
