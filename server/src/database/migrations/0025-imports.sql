-- Imports of users and memberships from CSV. columns: [{ header, target }] in the order of the file; upload: the upload that may write
-- rows at the moment. totals: rows by outcome, of the check or of the import, whichever was last.
create table imports (
  org_id text collate "C" not null,
  id text collate "C" not null,
  status text not null,
  file_name text,
  options jsonb not null,
  columns jsonb not null default '[]',
  upload text,
  bytes bigint not null default 0,
  rows int not null default 0,
  totals jsonb not null default '{}',
  job_id text collate "C",
  created timestamptz(3) not null,
  created_by jsonb not null,
  checked timestamptz(3),
  started timestamptz(3),
  ended timestamptz(3),
  rows_removed timestamptz(3),
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);

-- The rows of a file as they came (they hold personal data and go with the import, or a week after its end), with what was decided
-- about each. number: counted from 1; line: where the row begins in the file; detail: changes or problems.
create table import_rows (
  org_id text collate "C" not null,
  import_id text collate "C" not null,
  number int not null,
  line int not null,
  cells jsonb not null,
  outcome text,
  detail jsonb,
  user_id text collate "C",
  primary key (org_id, import_id, number)
);
create index import_rows_errors on import_rows (org_id, import_id, number) where outcome = 'error';

-- Logins and unique values of a file: the first row that has one keeps it.
create table import_keys (
  org_id text collate "C" not null,
  import_id text collate "C" not null,
  attribute text collate "C" not null,
  value_key text collate "C" not null,
  number int not null,
  primary key (org_id, import_id, attribute, value_key)
);
