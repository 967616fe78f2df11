-- How far each event hook has read the System Log, and what it still has to be told. A row of event_hook_positions is also the lock under
-- which deliveries of its hook are made, taken and ended.
create table event_hook_positions (
  org_id text collate "C" not null,
  hook_id text collate "C" not null,
  xid xid8 not null,
  event_id uuid not null,
  looked_at timestamptz(3) not null,
  primary key (org_id, hook_id)
);

-- sequence: the order of deliveries about one subject. head: nothing about the subject waits before it, so it is the one to be sent.
create table event_hook_deliveries (
  org_id text collate "C" not null,
  hook_id text collate "C" not null,
  event_id uuid not null,
  event_type text not null,
  published timestamptz(3) not null,
  subject text collate "C" not null,
  sequence bigint generated always as identity,
  head boolean not null,
  status text not null,
  attempts integer not null default 0,
  next_at timestamptz(3) not null,
  leased_until timestamptz(3),
  last_at timestamptz(3),
  last_status integer,
  last_problem text,
  primary key (org_id, hook_id, event_id)
);
create index event_hook_deliveries_waiting on event_hook_deliveries (org_id, hook_id, subject, sequence) where status = 'WAITING';
create index event_hook_deliveries_due on event_hook_deliveries (org_id, hook_id, next_at) where status = 'WAITING' and head;
create index event_hook_deliveries_newest on event_hook_deliveries (org_id, hook_id, sequence desc);

-- Hooks that are verified already begin here.
insert into event_hook_positions (org_id, hook_id, xid, event_id, looked_at)
select org_id, id, pg_current_xact_id(), '00000000-0000-0000-0000-000000000000', last_updated
from event_hooks where status = 'ACTIVE' and verification_status = 'VERIFIED';
