-- When and by what each value of a source was said: { attribute: { at, by?, trace?, request?, job? } }. `released`: the person was
-- unlinked from that source, whose values then master nothing any more.
alter table user_profile_sources
  add column origins jsonb not null default '{}',
  add column released timestamptz(3);
