-- What a password that was checked outside the sign-in page is worth: one session, within five minutes.
create table session_tokens (
  org_id text collate "C" not null,
  secret_sha256 bytea not null,
  user_id text collate "C" not null,
  created timestamptz(3) not null,
  expires timestamptz(3) not null,
  used timestamptz(3),
  primary key (org_id, secret_sha256)
);
create index session_tokens_user on session_tokens (org_id, user_id);
