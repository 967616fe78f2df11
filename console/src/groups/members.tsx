/** The people of a group. */
import { Anchor } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Group, GroupMember, User } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { Login } from '../interface/table/login.tsx';
import { nameOf } from '../people/name.ts';
import { useMembers, useMembership, useOrigins } from './api.ts';
import { texts } from './texts.ts';

function columnsOf<Row>(userOf: (row: Row) => User): Column<Row>[] {
  return [
    {
      key: 'person',
      header: texts.memberColumns.person,
      fixed: true,
      cell: (row) => (
        <Anchor component={Link} to={`/directory/people/${userOf(row).id}`}>
          {nameOf(userOf(row))}
        </Anchor>
      ),
    },
    {
      key: 'login',
      header: texts.memberColumns.login,
      fixed: true,
      below: true,
      cell: (row) => <Login value={String(userOf(row).profile.login)} />,
    },
    {
      key: 'status',
      header: texts.memberColumns.status,
      fixed: true,
      cell: (row) => <StatusMark status={userOf(row).status} />,
    },
  ];
}

type Col = Column<GroupMember>;
const EVERYBODY = columnsOf((user: User) => user);
const [PERSON, LOGIN, STATUS] = columnsOf((member: GroupMember) => member.user) as [Col, Col, Col];
const MEMBERS: Col[] = [
  PERSON,
  LOGIN,
  { key: 'origin', header: texts.memberColumns.origin, fixed: true, cell: (member) => originOf(member) },
  { ...STATUS, below: true },
];

/** A membership that was set by hand may be given by rules as well. */
function originOf({ source, rules }: GroupMember): string {
  const named = rules.length === 0 ? null : texts.byRules(rules.map((rule) => rule.name));
  if (source === 'RULE') return named ?? texts.sources.RULE!;
  return [texts.sources[source] ?? source, ...(named === null ? [] : [named])].join(' · ');
}

const nobody = <EmptyState icon={IconUsers} title={texts.noMembers.title} sentence={texts.noMembers.sentence} />;

export function Members({ group }: { group: Group }) {
  return group.type === 'BUILT_IN' ? <Everybody group={group} /> : <Chosen group={group} />;
}

function Everybody({ group }: { group: Group }) {
  return (
    <DataTable
      name="members"
      label={texts.tabs.people}
      pages={useMembers(group.id)}
      columns={EVERYBODY}
      rowKey={(user) => user.id}
      rowName={nameOf}
      empty={nobody}
    />
  );
}

function Chosen({ group }: { group: Group }) {
  const pages = useOrigins(group.id);
  const membership = useMembership(group.id);
  const remove = {
    label: texts.remove,
    danger: true,
    onSelect: ({ user, rules }: GroupMember) =>
      confirm({
        title: texts.askRemove(nameOf(user)),
        sentence: rules.length === 0 ? texts.askRemoveSentence : texts.askRemoveRuled(rules.map((rule) => rule.name)),
        action: texts.remove,
        onConfirm: () => membership.mutate({ userId: user.id, member: false }),
      }),
  };
  return (
    <DataTable
      name="members"
      label={texts.tabs.people}
      pages={pages}
      columns={MEMBERS}
      rowKey={({ user }) => user.id}
      rowName={({ user }) => nameOf(user)}
      empty={nobody}
      {...(group.type === 'OKTA_GROUP' ? { actions: [remove] } : {})}
    />
  );
}
