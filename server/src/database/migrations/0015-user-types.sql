-- User types besides the default one: who made and changed them, one name each, and their people found and counted without a scan.
alter table user_types add column created_by text collate "C" not null default 'system';
alter table user_types add column last_updated_by text collate "C" not null default 'system';
create unique index user_types_name on user_types (org_id, lower(name));
create index users_type on users (org_id, type_id, id);
