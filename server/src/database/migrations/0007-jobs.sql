-- Long work with progress. cursor: where the next step begins, moved in the transaction of the step itself; caller: who began it, for
-- the events that the work records. Problems: what could not be done, one row each, in the order in which they were met.
create table jobs (
  org_id text collate "C" not null,
  id text collate "C" not null,
  kind text not null,
  title text not null,
  subject_id text collate "C",
  status text not null,
  params jsonb not null,
  cursor jsonb not null default 'null',
  caller jsonb not null,
  total bigint,
  done bigint not null default 0,
  failed bigint not null default 0,
  attempts int not null default 0,
  reason text,
  created timestamptz(3) not null,
  started timestamptz(3),
  ended timestamptz(3),
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create index jobs_subject on jobs (org_id, subject_id, id);
create index jobs_open on jobs (status, last_updated) where status in ('QUEUED', 'RUNNING');

create table job_problems (
  org_id text collate "C" not null,
  job_id text collate "C" not null,
  number bigint not null,
  place text not null,
  code text not null,
  message text not null,
  primary key (org_id, job_id, number)
);
