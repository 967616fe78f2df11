-- A list that is sorted by a name ends with the people who have none: they are found without looking at everybody (decision 22). The
-- expressions are those of directory/users/search/columns.ts, letter by letter.
create index "users_without_firstName" on users (org_id, id) where (left(lower(profile->>'firstName'), 200) collate "C") is null;
create index "users_without_lastName" on users (org_id, id) where (left(lower(profile->>'lastName'), 200) collate "C") is null;
