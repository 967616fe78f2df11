/** Applications. */
import { Anchor, Button } from '@mantine/core';
import { IconApps, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Application } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { FilterSelect, SearchField } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useApplicationActions } from './actions.ts';
import { useApplications } from './api.ts';
import { texts } from './texts.ts';

const columns: Column<Application>[] = [
  {
    key: 'label',
    header: texts.columns.label,
    fixed: true,
    cell: (application) => (
      <Anchor component={Link} to={`/applications/${application.id}`} fw={500}>
        {application.label}
      </Anchor>
    ),
  },
  {
    key: 'type',
    header: texts.columns.type,
    below: true,
    cell: (application) => texts.types[application.settings.oauthClient.application_type],
  },
  {
    key: 'clientId',
    header: texts.columns.clientId,
    wide: true,
    cell: (application) => <code>{application.credentials.oauthClient.client_id}</code>,
  },
  {
    key: 'status',
    header: texts.columns.status,
    fixed: true,
    cell: (application) => <StatusMark status={application.status} />,
  },
  {
    key: 'created',
    header: texts.columns.created,
    wide: true,
    hiddenAtFirst: true,
    cell: (application) => <Instant at={application.created} />,
  },
];

export function ApplicationsPage() {
  const [q, setQ] = useUrlState('q');
  const [status, setStatus] = useUrlState('status');
  const pages = useApplications({ q, status });
  const actions = useApplicationActions();
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button component={Link} to="/applications/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {labels.createAppIntegration}
          </Button>
        }
      />
      <DataTable
        name="applications"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(application) => application.id}
        rowName={(application) => application.label}
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
                ...['ACTIVE', 'INACTIVE'].map((value) => ({ value, label: shared.status[value] ?? value })),
              ]}
            />
          </>
        }
        empty={<EmptyState icon={IconApps} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={[
          {
            label: labels.activate,
            onSelect: actions.activate,
            when: (application) => application.status === 'INACTIVE',
          },
          {
            label: labels.deactivate,
            onSelect: actions.deactivate,
            when: (application) => application.status === 'ACTIVE',
          },
          {
            label: shared.actions.delete,
            onSelect: actions.remove,
            danger: true,
            when: (application) => application.status === 'INACTIVE',
          },
        ]}
      />
    </>
  );
}
