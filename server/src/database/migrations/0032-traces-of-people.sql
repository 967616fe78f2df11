-- The sign-ins of one person, and those that failed or never ended, are found without looking through everybody's; ids are ordered by time.
create index sign_in_traces_user on sign_in_traces (org_id, user_id, id) where user_id is not null;
create index sign_in_traces_not_well on sign_in_traces (org_id, outcome, id) where outcome <> 'SUCCESS';
