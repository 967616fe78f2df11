/** Workflow → Event Hooks. */
import { Anchor, Button } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { EventHook } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { labels } from '../labels.ts';
import { useEventHooks, useSwitchHook, useVerifyHook } from './api.ts';
import { texts } from './texts.ts';

const columns: Column<EventHook>[] = [
  {
    key: 'name',
    header: texts.columns.name,
    fixed: true,
    cell: (hook) => (
      <Anchor component={Link} to={`/workflow/event-hooks/${hook.id}`} fw={500}>
        {hook.name}
      </Anchor>
    ),
  },
  { key: 'uri', header: texts.columns.uri, wide: true, cell: (hook) => <code>{hook.channel.config.uri}</code> },
  { key: 'events', header: texts.columns.events, below: true, cell: (hook) => texts.events(hook.events.items.length) },
  {
    key: 'verification',
    header: texts.columns.verification,
    fixed: true,
    cell: (hook) => <StatusMark status={hook.verificationStatus} />,
  },
  { key: 'status', header: texts.columns.status, below: true, cell: (hook) => <StatusMark status={hook.status} /> },
];

export function EventHooksPage() {
  const navigate = useNavigate();
  const pages = useEventHooks();
  const verify = useVerifyHook();
  const change = useSwitchHook();
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button component={Link} to="/workflow/event-hooks/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {labels.createEventHook}
          </Button>
        }
      />
      <DataTable
        name="event-hooks"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(hook) => hook.id}
        rowName={(hook) => hook.name}
        empty={<EmptyState icon={IconWebhook} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={[
          {
            label: texts.edit,
            onSelect: (hook) => void navigate({ to: '/workflow/event-hooks/$id', params: { id: hook.id } }),
          },
          {
            label: labels.verify,
            when: (hook) => hook.verificationStatus === 'UNVERIFIED',
            onSelect: (hook) => verify.mutate(hook.id),
          },
          {
            label: labels.activate,
            when: (hook) => hook.status === 'INACTIVE',
            onSelect: (hook) => change.mutate({ id: hook.id, to: 'activate' }),
          },
          {
            label: labels.deactivate,
            when: (hook) => hook.status === 'ACTIVE',
            onSelect: (hook) => change.mutate({ id: hook.id, to: 'deactivate' }),
          },
        ]}
      />
    </>
  );
}
