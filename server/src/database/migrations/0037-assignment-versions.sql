-- Assignments have a version like every row that clients change (rulings 32).
alter table app_users add column version integer not null default 1;
alter table app_groups add column version integer not null default 1;
