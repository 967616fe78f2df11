-- Group rules: who matches the expression becomes a member of the groups, except the people and the members of groups named here.
create table group_rules (
  org_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  name_key text not null,
  status text not null,
  expression text not null,
  excluded_users text[] collate "C" not null default '{}',
  excluded_groups text[] collate "C" not null default '{}',
  group_ids text[] collate "C" not null,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  version int not null default 1,
  primary key (org_id, id)
);
create unique index group_rules_name on group_rules (org_id, name_key);

-- Which rule gives which membership. A row stands beside a membership that exists; several rules may give the same one, and one that
-- was set by hand may be given as well. A membership of source RULE ends with its last row.
create table group_rule_members (
  org_id text collate "C" not null,
  user_id text collate "C" not null,
  group_id text collate "C" not null,
  rule_id text collate "C" not null,
  created timestamptz(3) not null,
  primary key (org_id, user_id, group_id, rule_id)
);
create index group_rule_members_rule on group_rule_members (org_id, rule_id, user_id);
create index group_rule_members_group on group_rule_members (org_id, group_id);
