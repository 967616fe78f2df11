/** Directory → Groups. */
import { Anchor, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Group } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { SearchField } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { useGroups } from './api.ts';
import { GroupDialog } from './group-form.tsx';
import { SectionTabs } from './section-tabs.tsx';
import { texts } from './texts.ts';

const columns: Column<Group>[] = [
  {
    key: 'name',
    header: texts.columns.name,
    fixed: true,
    cell: (group) => (
      <Anchor component={Link} to={`/directory/groups/${group.id}`} fw={500}>
        {group.profile.name}
      </Anchor>
    ),
  },
  { key: 'description', header: texts.columns.description, below: true, cell: (group) => group.profile.description },
  { key: 'type', header: texts.columns.type, cell: (group) => texts.types[group.type] ?? group.type },
  {
    key: 'members',
    header: texts.columns.members,
    wide: true,
    cell: (group) => <Instant at={group.lastMembershipUpdated} />,
  },
];

export function GroupsPage() {
  const navigate = useNavigate();
  const [q, setQ] = useUrlState('q');
  const [adding, { open, close }] = useDisclosure(false);
  const pages = useGroups(q);
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button onClick={open} leftSection={<IconPlus size={16} aria-hidden />}>
            {labels.addGroup}
          </Button>
        }
      />
      <SectionTabs active="groups" />
      <DataTable
        name="groups"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(group) => group.id}
        rowName={(group) => group.profile.name}
        filters={<SearchField label={texts.search} value={q} onChange={setQ} />}
        filtered={q !== ''}
        empty={<EmptyState icon={IconUsersGroup} title={texts.empty.title} sentence={texts.empty.sentence} />}
      />
      <GroupDialog
        opened={adding}
        onClose={(group) => {
          close();
          if (group !== null) void navigate({ to: '/directory/groups/$id', params: { id: group.id } });
        }}
      />
    </>
  );
}
