-- Wrong passwords since the last right one, however slowly they came (security.md §4.5): enough of them lock the account.
alter table password_attempts add column consecutive int not null default 0;
