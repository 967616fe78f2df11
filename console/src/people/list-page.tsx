/** Directory → People. */
import { Anchor, Button } from '@mantine/core';
import { IconPlus, IconTableImport, IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { User } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { FilterSelect, SearchField } from '../interface/table/filters.tsx';
import { Login } from '../interface/table/login.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { usePeople } from './api.ts';
import { nameOf } from './name.ts';
import { texts } from './texts.ts';

const STATUSES = ['ACTIVE', 'STAGED', 'PROVISIONED', 'SUSPENDED', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'DEPROVISIONED'];

const columns: Column<User>[] = [
  {
    key: 'name',
    header: texts.columns.name,
    fixed: true,
    cell: (user) => (
      <Anchor component={Link} to={`/directory/people/${user.id}`} fw={500}>
        {nameOf(user)}
      </Anchor>
    ),
  },
  {
    key: 'login',
    header: texts.columns.login,
    below: true,
    cell: (user) => <Login value={String(user.profile.login)} />,
  },
  {
    key: 'email',
    header: texts.columns.email,
    wide: true,
    hiddenAtFirst: true,
    cell: (user) => String(user.profile.email ?? ''),
  },
  { key: 'source', header: texts.columns.source, wide: true, cell: (user) => sourceOf(user) },
  { key: 'status', header: texts.columns.status, fixed: true, cell: (user) => <StatusMark status={user.status} /> },
  { key: 'lastLogin', header: texts.columns.lastLogin, wide: true, cell: (user) => <Instant at={user.lastLogin} /> },
  {
    key: 'created',
    header: texts.columns.created,
    wide: true,
    hiddenAtFirst: true,
    cell: (user) => <Instant at={user.created} />,
  },
];

export function PeoplePage() {
  const [q, setQ] = useUrlState('q');
  const [status, setStatus] = useUrlState('status');
  const pages = usePeople({ q, status });
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <>
            <Button
              component={Link}
              to="/directory/people/import"
              variant="default"
              leftSection={<IconTableImport size={16} aria-hidden />}
            >
              {labels.importFromCsv}
            </Button>
            <Button component={Link} to="/directory/people/new" leftSection={<IconPlus size={16} aria-hidden />}>
              {labels.addPerson}
            </Button>
          </>
        }
      />
      <DataTable
        name="people"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(user) => user.id}
        rowName={nameOf}
        filtered={q !== '' || status !== ''}
        filters={
          <>
            <SearchField label={texts.search} value={q} onChange={setQ} />
            <FilterSelect
              label={texts.statusFilter}
              value={status}
              onChange={setStatus}
              options={[
                { value: '', label: texts.anyStatus },
                ...STATUSES.map((value) => ({ value, label: shared.status[value] ?? value })),
              ]}
            />
          </>
        }
        empty={<EmptyState icon={IconUsers} title={texts.empty.title} sentence={texts.empty.sentence} />}
      />
    </>
  );
}

function sourceOf(user: User): string {
  const type = user.credentials?.provider?.type ?? '';
  return texts.sources[type] ?? type;
}
