-- How the tables that every sign-in writes are stored.

-- A trace of a few KB stays in its row as it is: compressing it cost more than all other writes of a sign-in together.
alter table sign_in_traces set (toast_tuple_target = 8160);

-- Room in each page for the new version of a row that a sign-in touches, so that no index has to change (heap-only updates).
alter table users set (fillfactor = 80);
alter table external_identities set (fillfactor = 80);
alter table grants set (fillfactor = 80);
