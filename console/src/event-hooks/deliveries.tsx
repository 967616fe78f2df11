/** What a hook was sent and is to be sent, newest first; what is over can be sent again. */
import { Select, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import type { EventDelivery } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { texts as shared } from '../texts/index.ts';
import { useDeliveries, useEventTypes, useReplay } from './api.ts';
import { texts } from './texts.ts';

const words = texts.deliveries;
const STATUSES = ['WAITING', 'DELIVERED', 'FAILED'];

export function DeliveriesOf({ hookId }: { hookId: string }) {
  const [status, setStatus] = useUrlState('status');
  const pages = useDeliveries(hookId, status);
  const replay = useReplay(hookId);
  const types = useEventTypes();
  const nameOf = (type: string) => types.data?.find((known) => known.type === type)?.name ?? type;
  const columns: Column<EventDelivery>[] = [
    { key: 'event', header: words.event, fixed: true, cell: (row) => nameOf(row.eventType) },
    { key: 'published', header: words.published, below: true, cell: (row) => <Instant at={row.published} exact /> },
    { key: 'status', header: words.status, fixed: true, cell: (row) => <StatusMark status={row.status} /> },
    { key: 'attempts', header: words.attempts, below: { named: true }, numeric: true, cell: (row) => row.attempts },
    { key: 'last', header: words.last, below: { named: true }, cell: lastAnswer },
    {
      key: 'next',
      header: words.next,
      wide: true,
      cell: (row) => (row.nextAttempt === null ? words.over : <Instant at={row.nextAttempt} />),
    },
    { key: 'id', header: words.id, wide: true, hiddenAtFirst: true, cell: (row) => <code>{row.eventId}</code> },
  ];
  return (
    <DataTable
      name="event-hook-deliveries"
      label={texts.tabs.deliveries}
      pages={pages}
      columns={columns}
      rowKey={(row) => row.eventId}
      rowName={(row) => nameOf(row.eventType)}
      filters={
        <Select
          aria-label={words.show}
          w={180}
          allowDeselect={false}
          data={[
            { value: '', label: words.all },
            ...STATUSES.map((value) => ({ value, label: shared.status[value] ?? value })),
          ]}
          value={status}
          onChange={(value) => setStatus(value ?? '')}
        />
      }
      filtered={status !== ''}
      empty={<EmptyState icon={IconSend} title={words.empty.title} sentence={words.empty.sentence} />}
      actions={[
        {
          label: words.replay,
          when: (row) => row.status !== 'WAITING',
          onSelect: (row) => replay.mutate(row.eventId),
        },
      ]}
    />
  );
}

function lastAnswer({ problem, lastStatus }: EventDelivery) {
  if (problem === null) return lastStatus;
  return (
    <Text span size="sm" c="dimmed" maw="36ch">
      {problem}
    </Text>
  );
}
