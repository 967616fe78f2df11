-- The first tables. Every primary key begins with org_id (orgs and host names excepted), ids are compared byte by byte
-- (COLLATE "C"), every mutable row has a version, and time always comes from the caller, never from the database's clock.

create table orgs (
  id text collate "C" primary key,
  company_name text not null,
  subdomain text not null,
  base_url text not null,
  status text not null default 'ACTIVE',
  settings jsonb not null default '{}',
  config_version bigint not null default 1,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1
);

create table org_hosts (
  host text collate "C" primary key,
  org_id text collate "C" not null references orgs (id)
);

-- ---------------------------------------------------------------- directory

create table user_types (
  org_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  display_name text not null,
  description text,
  is_default boolean not null default false,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);

-- owner_id: a user type, an identity provider, an application, or 'group'. custom: { name: attribute } in wire shape; an attribute
-- may carry "sensitive": true. base: overrides of the base attributes (required, permissions, master).
create table profile_schemas (
  org_id text collate "C" not null,
  id text collate "C" not null,
  owner_kind text not null,
  owner_id text collate "C" not null,
  name text not null,
  title text not null,
  custom jsonb not null default '{}',
  base jsonb not null default '{}',
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id),
  unique (org_id, owner_kind, owner_id)
);

-- profile: the computed winner of all sources. login_key and email_key: the canonical forms (directory/users).
create table users (
  org_id text collate "C" not null,
  id text collate "C" not null,
  type_id text collate "C" not null,
  status text not null,
  login_key text collate "C" not null,
  email_key text collate "C",
  email_verified boolean not null default false,
  profile jsonb not null,
  provider_type text not null default 'OKTA',
  provider_name text not null default 'OKTA',
  password_hash text,
  password_changed timestamptz(3),
  created timestamptz(3) not null,
  created_by text not null,
  activated timestamptz(3),
  status_changed timestamptz(3),
  last_login timestamptz(3),
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index users_login on users (org_id, login_key);
create index users_email on users (org_id, email_key);
create index users_profile on users using gin (profile jsonb_path_ops);

-- What each source last said of a user: the hub's own administrators ('hub') or an identity provider, application (0oa…).
create table user_profile_sources (
  org_id text collate "C" not null,
  user_id text collate "C" not null,
  source_id text collate "C" not null,
  "values" jsonb not null,
  trace_id text,
  last_updated timestamptz(3) not null,
  primary key (org_id, user_id, source_id)
);

-- Values of attributes that are unique or sensitive; value_key is the canonical value, or for a sensitive attribute its keyed hash (a blind index).
create table attribute_values (
  org_id text collate "C" not null,
  schema_id text collate "C" not null,
  attribute text collate "C" not null,
  value_key text collate "C" not null,
  user_id text collate "C" not null,
  is_unique boolean not null default true,
  primary key (org_id, schema_id, attribute, value_key, user_id)
);
create unique index attribute_values_unique on attribute_values (org_id, schema_id, attribute, value_key) where is_unique;
create index attribute_values_user on attribute_values (org_id, user_id);

-- Ids, logins and external identities of deleted people: never given to somebody else by accident.
create table tombstones (
  org_id text collate "C" not null,
  kind text not null,
  key text collate "C" not null,
  deleted timestamptz(3) not null,
  primary key (org_id, kind, key)
);

create table user_roles (
  org_id text collate "C" not null,
  user_id text collate "C" not null,
  role text not null,
  created timestamptz(3) not null,
  primary key (org_id, user_id, role)
);

create table groups (
  org_id text collate "C" not null,
  id text collate "C" not null,
  type text not null,
  name_key text not null,
  profile jsonb not null,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  last_membership_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index groups_name on groups (org_id, name_key) where type <> 'APP_GROUP';

-- The members of Everyone are computed, not stored.
create table group_members (
  org_id text collate "C" not null,
  group_id text collate "C" not null,
  user_id text collate "C" not null,
  source text not null default 'DIRECT',
  created timestamptz(3) not null,
  primary key (org_id, group_id, user_id)
);
create index group_members_user on group_members (org_id, user_id);

-- ---------------------------------------------------------------- identity providers

-- config: protocol and policy in wire shape without secrets; secrets: sealed values by name.
create table identity_providers (
  org_id text collate "C" not null,
  id text collate "C" not null,
  type text not null,
  name text not null,
  name_key text not null,
  display_name text,
  status text not null,
  config jsonb not null,
  secrets jsonb not null default '{}',
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index identity_providers_name on identity_providers (org_id, name_key);

-- The identity key is (idp, issuer, subject); profile: what the provider last asserted.
create table external_identities (
  org_id text collate "C" not null,
  idp_id text collate "C" not null,
  issuer text collate "C" not null,
  subject text collate "C" not null,
  user_id text collate "C" not null,
  profile jsonb not null default '{}',
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  last_sign_in timestamptz(3),
  primary key (org_id, idp_id, issuer, subject)
);
create unique index external_identities_user on external_identities (org_id, user_id, idp_id);

create table profile_mappings (
  org_id text collate "C" not null,
  id text collate "C" not null,
  source_id text collate "C" not null,
  source_kind text not null,
  source_name text not null,
  target_id text collate "C" not null,
  target_kind text not null,
  target_name text not null,
  properties jsonb not null default '{}',
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index profile_mappings_pair on profile_mappings (org_id, source_id, target_id);

create table policies (
  org_id text collate "C" not null,
  id text collate "C" not null,
  type text not null,
  name text not null,
  description text,
  status text not null default 'ACTIVE',
  priority int not null default 1,
  system boolean not null default false,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);

create table policy_rules (
  org_id text collate "C" not null,
  id text collate "C" not null,
  policy_id text collate "C" not null,
  name text not null,
  status text not null,
  priority int not null,
  system boolean not null default false,
  conditions jsonb not null,
  actions jsonb not null,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index policy_rules_name on policy_rules (org_id, policy_id, lower(name));

-- ---------------------------------------------------------------- applications

-- config: label, accessibility, visibility, settings, credentials in wire shape without the secret.
create table applications (
  org_id text collate "C" not null,
  id text collate "C" not null,
  client_id text collate "C" not null,
  name text not null,
  label text not null,
  sign_on_mode text not null,
  status text not null,
  config jsonb not null,
  client_secret_sealed text,
  client_secret_sha256 bytea,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index applications_client on applications (org_id, client_id);

create table app_groups (
  org_id text collate "C" not null,
  app_id text collate "C" not null,
  group_id text collate "C" not null,
  priority int not null default 0,
  profile jsonb not null default '{}',
  last_updated timestamptz(3) not null,
  primary key (org_id, app_id, group_id)
);
create index app_groups_group on app_groups (org_id, group_id);

-- Assignments, direct ('USER') and through groups ('GROUP'), kept in the membership's transaction. Everyone's is computed.
create table app_users (
  org_id text collate "C" not null,
  app_id text collate "C" not null,
  user_id text collate "C" not null,
  scope text not null,
  credentials jsonb not null default '{}',
  profile jsonb not null default '{}',
  status text not null default 'ACTIVE',
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  status_changed timestamptz(3) not null,
  primary key (org_id, app_id, user_id)
);
create index app_users_user on app_users (org_id, user_id);

-- ---------------------------------------------------------------- sessions and tokens

create table sessions (
  org_id text collate "C" not null,
  secret_sha256 bytea not null,
  id text collate "C" not null,
  user_id text collate "C" not null,
  idp_id text collate "C",
  amr text[] not null,
  auth_time timestamptz(3) not null,
  created timestamptz(3) not null,
  last_seen timestamptz(3) not null,
  idle_expires timestamptz(3) not null,
  expires timestamptz(3) not null,
  ended timestamptz(3),
  ip text,
  user_agent text,
  primary key (org_id, secret_sha256)
);
create index sessions_user on sessions (org_id, user_id);
create unique index sessions_id on sessions (org_id, id);

-- A grant is the parent of a code and of every token that came of it.
create table grants (
  org_id text collate "C" not null,
  id text collate "C" not null,
  app_id text collate "C" not null,
  user_id text collate "C" not null,
  session_id text collate "C",
  idp_id text collate "C",
  issuer text not null,
  scopes text[] not null,
  amr text[] not null,
  auth_time timestamptz(3) not null,
  trace_id text not null,
  nonce text,
  code_sha256 bytea,
  code_expires timestamptz(3),
  code_consumed timestamptz(3),
  redirect_uri text,
  code_challenge text,
  created timestamptz(3) not null,
  expires timestamptz(3) not null,
  revoked timestamptz(3),
  primary key (org_id, id)
);
create unique index grants_code on grants (org_id, code_sha256);
create index grants_user on grants (org_id, user_id);
create index grants_session on grants (org_id, session_id);

create table tokens (
  org_id text collate "C" not null,
  secret_sha256 bytea not null,
  id text collate "C" not null,
  kind text not null,
  grant_id text collate "C" not null,
  parent_sha256 bytea,
  scopes text[] not null,
  audience text not null,
  created timestamptz(3) not null,
  expires timestamptz(3) not null,
  used timestamptz(3),
  revoked timestamptz(3),
  primary key (org_id, secret_sha256)
);
create index tokens_grant on tokens (org_id, grant_id);

-- Things that may happen once: sign-in transactions, assertion ids, jti values.
create table consumed_once (
  org_id text collate "C" not null,
  key text collate "C" not null,
  until timestamptz(3) not null,
  primary key (org_id, key)
);

-- Transactions too large for a cookie.
create table sign_in_transactions (
  org_id text collate "C" not null,
  id text collate "C" not null,
  sealed bytea not null,
  expires timestamptz(3) not null,
  primary key (org_id, id)
);

create table password_attempts (
  org_id text collate "C" not null,
  key text collate "C" not null,
  failures int not null,
  first_failure timestamptz(3) not null,
  last_failure timestamptz(3) not null,
  blocked_until timestamptz(3),
  primary key (org_id, key)
);

-- Keys that sign tokens ('token') or prove the hub to an identity provider ('client'); the private half is sealed.
create table signing_keys (
  org_id text collate "C" not null,
  kid text collate "C" not null,
  purpose text not null,
  alg text not null,
  public_jwk jsonb not null,
  private_sealed text not null,
  created timestamptz(3) not null,
  active_from timestamptz(3) not null,
  retire_after timestamptz(3),
  primary key (org_id, kid)
);

create table api_tokens (
  org_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  user_id text collate "C" not null,
  secret_sha256 bytea not null,
  token_window_seconds int not null,
  network jsonb not null default '{"connection":"ANYWHERE"}',
  client_name text not null,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  last_used timestamptz(3),
  expires_at timestamptz(3) not null,
  primary key (org_id, id)
);
create unique index api_tokens_secret on api_tokens (org_id, secret_sha256);

-- ---------------------------------------------------------------- system log and traces

-- The System Log is also the outbox: xid lets a subscriber's cursor read only what can no longer be overtaken by an earlier commit
-- (xid < pg_snapshot_xmin(pg_current_snapshot())). previous_hash and hash are for the audit chain.
create table system_log (
  org_id text collate "C" not null,
  id uuid not null,
  published timestamptz(3) not null,
  event_type text not null,
  severity text not null,
  outcome_result text not null,
  actor_id text,
  subject_id text,
  target_ids text[] not null,
  trace_id text,
  payload jsonb not null,
  xid xid8 not null default pg_current_xact_id(),
  previous_hash bytea,
  hash bytea,
  primary key (org_id, published, id)
) partition by range (published);
create table system_log_default partition of system_log default;
create index system_log_type on system_log (org_id, event_type, published);
create index system_log_order on system_log (org_id, xid);

-- One row per sign-in; the steps are appended in batches. sealed: values that only an authorised reader sees.
create table sign_in_traces (
  org_id text collate "C" not null,
  id text collate "C" not null,
  started_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  outcome text not null,
  reason text,
  app_id text,
  idp_id text,
  user_id text,
  login text,
  steps jsonb not null,
  primary key (org_id, id)
);
