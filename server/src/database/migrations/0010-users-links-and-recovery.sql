-- The recovery question of a person with a password; the answer is a PHC string of its canonical form.
alter table users add column recovery_question text, add column recovery_answer text;

-- The link that a person was sent (or an administrator took along) to set a password: the newest of each purpose ('activate', 'reset').
-- The token itself is nowhere; it works once, and not after the password was changed some other way.
create table user_tokens (
  org_id text collate "C" not null,
  user_id text collate "C" not null,
  purpose text not null,
  token_sha256 bytea not null,
  created timestamptz(3) not null,
  expires timestamptz(3) not null,
  primary key (org_id, user_id, purpose)
);
create unique index user_tokens_secret on user_tokens (org_id, token_sha256);
create index user_tokens_expires on user_tokens (expires);

-- Slow imported password hashes (bcrypt, PBKDF2) by what they cost, so that a wrong guess costs the same for everybody.
create table imported_password_costs (
  org_id text collate "C" not null,
  cost text collate "C" not null,
  created timestamptz(3) not null,
  primary key (org_id, cost)
);
create index users_imported_password on users (org_id, password_hash) where password_hash not like '$argon2%';
