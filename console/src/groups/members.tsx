/** The people of a group. */
import { Anchor } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Group, User } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { nameOf } from '../people/name.ts';
import { useMembers, useMembership } from './api.ts';
import { texts } from './texts.ts';

const columns: Column<User>[] = [
  {
    key: 'person',
    header: texts.memberColumns.person,
    fixed: true,
    cell: (user) => (
      <Anchor component={Link} to={`/directory/people/${user.id}`}>
        {nameOf(user)}
      </Anchor>
    ),
  },
  {
    key: 'login',
    header: texts.memberColumns.login,
    fixed: true,
    wide: true,
    cell: (user) => String(user.profile.login),
  },
  {
    key: 'status',
    header: texts.memberColumns.status,
    fixed: true,
    cell: (user) => <StatusMark status={user.status} />,
  },
];

export function Members({ group }: { group: Group }) {
  const pages = useMembers(group.id);
  const membership = useMembership(group.id);
  const remove = {
    label: texts.remove,
    danger: true,
    onSelect: (user: User) =>
      confirm({
        title: texts.askRemove(nameOf(user)),
        sentence: texts.askRemoveSentence,
        action: texts.remove,
        onConfirm: () => membership.mutate({ userId: user.id, member: false }),
      }),
  };
  return (
    <DataTable
      name="members"
      label={texts.tabs.people}
      pages={pages}
      columns={columns}
      rowKey={(user) => user.id}
      rowName={nameOf}
      empty={<EmptyState icon={IconUsers} title={texts.noMembers.title} sentence={texts.noMembers.sentence} />}
      {...(group.type === 'OKTA_GROUP' ? { actions: [remove] } : {})}
    />
  );
}
