/** Security → API: the tokens of programs. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ApiToken } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { labels } from '../labels.ts';
import { useZoneChoices } from '../network-zones/api.ts';
import { PersonName } from '../people/person-name.tsx';
import { useApiTokens, useRevokeToken } from './api.ts';
import { texts } from './texts.ts';
import { EditTokenDialog, TokenDialog } from './token-form.tsx';
import { networkInWords } from './values.ts';

/** @param nameOf the name of a zone */
const columnsOf = (nameOf: (zoneId: string) => string): Column<ApiToken>[] => [
  { key: 'name', header: texts.columns.name, fixed: true, cell: (token) => token.name },
  {
    key: 'network',
    header: texts.columns.network,
    below: true,
    cell: (token) => networkInWords(token.network, nameOf),
  },
  { key: 'by', header: texts.columns.by, wide: true, cell: ({ userId }) => <PersonName id={userId} /> },
  {
    key: 'created',
    header: texts.columns.created,
    below: { named: true },
    cell: (token) => <Instant at={token.created} />,
  },
  {
    key: 'used',
    header: texts.columns.used,
    cell: (token) => (token.lastUsed === null ? texts.neverUsed : <Instant at={token.lastUsed} />),
  },
  {
    key: 'expires',
    header: texts.columns.expires,
    below: { named: true },
    cell: (token) => <Instant at={token.expiresAt} />,
  },
  { key: 'id', header: texts.columns.id, wide: true, hiddenAtFirst: true, cell: (token) => <code>{token.id}</code> },
];

export function ApiTokensPage() {
  const pages = useApiTokens();
  const revoke = useRevokeToken();
  const zones = useZoneChoices();
  const [creating, { open, close }] = useDisclosure(false);
  const [edited, setEdited] = useState<ApiToken | null>(null);
  const nameOf = (id: string) => zones.data?.find((zone) => zone.id === id)?.name ?? id;
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button onClick={open} leftSection={<IconPlus size={16} aria-hidden />}>
            {labels.createToken}
          </Button>
        }
      />
      <DataTable
        name="api-tokens"
        label={texts.tab}
        pages={pages}
        columns={columnsOf(nameOf)}
        rowKey={(token) => token.id}
        rowName={(token) => token.name}
        empty={<EmptyState icon={IconKey} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={[
          { label: texts.edit, onSelect: setEdited },
          {
            label: texts.revoke,
            danger: true,
            onSelect: (token) =>
              confirm({
                title: texts.ask(token.name),
                sentence: texts.askSentence,
                action: texts.revoke,
                onConfirm: () => revoke.mutate(token.id),
              }),
          },
        ]}
      />
      <TokenDialog opened={creating} onClose={close} />
      {edited !== null && <EditTokenDialog token={edited} onClose={() => setEdited(null)} />}
    </>
  );
}
