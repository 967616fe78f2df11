/** The people who are linked to one provider. */
import { Anchor } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { LinkedUser } from '../../contract.ts';
import { confirm } from '../../interface/confirm.tsx';
import { EmptyState } from '../../interface/empty-state.tsx';
import { Instant } from '../../interface/instant.tsx';
import { type Column, DataTable } from '../../interface/table/data-table.tsx';
import { useLinkedUsers, useUnlink } from '../api.ts';
import { texts } from '../texts.ts';

const columns: Column<LinkedUser>[] = [
  {
    key: 'person',
    header: texts.users.columns.person,
    fixed: true,
    cell: (link) => (
      <Anchor component={Link} to={`/directory/people/${link.id}`}>
        {nameOf(link)}
      </Anchor>
    ),
  },
  { key: 'externalId', header: texts.users.columns.externalId, cell: (link) => <code>{link.externalId}</code> },
  {
    key: 'since',
    header: texts.users.columns.since,
    below: { named: true },
    cell: (link) => <Instant at={link.created} />,
  },
  {
    key: 'updated',
    header: texts.users.columns.updated,
    wide: true,
    cell: (link) => <Instant at={link.lastUpdated} />,
  },
];

export function LinkedPeople({ providerId }: { providerId: string }) {
  const pages = useLinkedUsers(providerId);
  const unlink = useUnlink(providerId);
  return (
    <DataTable
      name="linked-people"
      label={texts.users.sentence}
      pages={pages}
      columns={columns}
      rowKey={(link) => link.id}
      rowName={nameOf}
      empty={
        <EmptyState icon={IconUserQuestion} title={texts.users.empty.title} sentence={texts.users.empty.sentence} />
      }
      actions={[
        {
          label: texts.users.unlink,
          danger: true,
          onSelect: (link) =>
            confirm({
              title: texts.users.askUnlink,
              sentence: texts.users.unlinkSentence,
              action: texts.users.unlink,
              onConfirm: () => unlink.mutate(link.id),
            }),
        },
      ]}
    />
  );
}

function nameOf(link: LinkedUser): string {
  return String(link.profile?.email ?? link.profile?.displayName ?? link.id);
}
