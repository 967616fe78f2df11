/** Security → Networks. */
import { Anchor, Button, Text } from '@mantine/core';
import { IconNetwork, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { NetworkZone } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useDeleteZone, useSwitchZone, useZones } from './api.ts';
import { inWords } from './locations.ts';
import { texts } from './texts.ts';

const columns: Column<NetworkZone>[] = [
  {
    key: 'name',
    header: texts.columns.name,
    fixed: true,
    cell: (zone) => (
      <Anchor component={Link} to={`/security/networks/${zone.id}`} fw={500}>
        {zone.name}
      </Anchor>
    ),
  },
  { key: 'type', header: texts.columns.type, wide: true, cell: (zone) => texts.types[zone.type] },
  { key: 'usage', header: texts.columns.usage, below: true, cell: (zone) => texts.usages[zone.usage] },
  {
    key: 'addresses',
    header: texts.columns.addresses,
    below: true,
    cell: (zone) => {
      const count = (zone.gateways?.length ?? 0) + (zone.proxies?.length ?? 0);
      if (count > 0) return texts.addresses(count);
      return (
        <Text span c="dimmed" inherit>
          {emptyWords(zone)}
        </Text>
      );
    },
  },
  { key: 'status', header: texts.columns.status, fixed: true, cell: (zone) => <StatusMark status={zone.status} /> },
];

export function NetworksPage() {
  const navigate = useNavigate();
  const pages = useZones();
  const change = useSwitchZone();
  const remove = useDeleteZone();
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button component={Link} to="/security/networks/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {labels.addZone}
          </Button>
        }
      />
      <DataTable
        name="network-zones"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(zone) => zone.id}
        rowName={(zone) => zone.name}
        empty={<EmptyState icon={IconNetwork} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={[
          {
            label: texts.edit,
            onSelect: (zone) => void navigate({ to: '/security/networks/$id', params: { id: zone.id } }),
          },
          {
            label: labels.activate,
            when: (zone) => zone.status === 'INACTIVE',
            onSelect: (zone) => change.mutate({ id: zone.id, to: 'activate' }),
          },
          {
            label: labels.deactivate,
            when: (zone) => zone.status === 'ACTIVE',
            onSelect: (zone) => change.mutate({ id: zone.id, to: 'deactivate' }),
          },
          {
            label: shared.actions.delete,
            danger: true,
            when: (zone) => zone.status === 'INACTIVE' && !zone.system,
            onSelect: (zone) =>
              confirm({
                title: texts.ask(zone.name),
                sentence: texts.askSentence,
                action: shared.actions.delete,
                onConfirm: () => remove.mutate(zone.id),
              }),
          },
        ]}
      />
    </>
  );
}

/** What stands for addresses where a zone lists none. */
function emptyWords({ type, locations }: NetworkZone): string {
  if (type === 'IP') return texts.noAddresses;
  return inWords(locations) === '' ? texts.byService : texts.byLocation;
}
