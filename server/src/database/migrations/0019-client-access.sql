-- Which scopes of the management API an application may ask for, and which administrator roles it has when it acts by itself.
create table app_scope_grants (
  org_id text collate "C" not null,
  app_id text collate "C" not null,
  id text collate "C" not null,
  scope text collate "C" not null,
  created timestamptz(3) not null,
  created_by text collate "C" not null,
  last_updated timestamptz(3) not null,
  primary key (org_id, app_id, id)
);
create unique index app_scope_grants_scope on app_scope_grants (org_id, app_id, scope);

create table client_roles (
  org_id text collate "C" not null,
  app_id text collate "C" not null,
  role text collate "C" not null,
  created timestamptz(3) not null,
  primary key (org_id, app_id, role)
);

-- Access tokens that an application got for itself (client_credentials): no person and no grant stands behind them.
create table client_tokens (
  org_id text collate "C" not null,
  secret_sha256 bytea not null,
  id text collate "C" not null,
  app_id text collate "C" not null,
  scopes text[] not null,
  audience text not null,
  created timestamptz(3) not null,
  expires timestamptz(3) not null,
  revoked timestamptz(3),
  primary key (org_id, secret_sha256)
);
