-- Messages to people, written in the transaction of the change that they tell of and sent by a job. body_sealed holds the links, so it is
-- sealed, and gone once the message was sent. status: QUEUED, SENT, FAILED, or KEPT where no mail server is configured.
create table mail_messages (
  org_id text collate "C" not null,
  id text collate "C" not null,
  user_id text collate "C" not null,
  recipient text not null,
  template text not null,
  language text not null,
  subject text not null,
  body_sealed text,
  status text not null,
  attempts integer not null default 0,
  last_error text,
  created timestamptz(3) not null,
  sent timestamptz(3),
  version integer not null default 1,
  primary key (org_id, id)
);
create index mail_messages_user on mail_messages (org_id, user_id, template, created);
create index mail_messages_created on mail_messages (created);
