/** Security → API: the tokens of programs. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import type { ApiToken } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { labels } from '../labels.ts';
import { useApiTokens, useRevokeToken } from './api.ts';
import { texts } from './texts.ts';
import { TokenDialog } from './token-form.tsx';

const columns: Column<ApiToken>[] = [
  { key: 'name', header: texts.columns.name, fixed: true, cell: (token) => token.name },
  { key: 'created', header: texts.columns.created, wide: true, cell: (token) => <Instant at={token.created} /> },
  { key: 'used', header: texts.columns.used, wide: true, cell: (token) => <Instant at={token.lastUpdated} /> },
  { key: 'expires', header: texts.columns.expires, cell: (token) => <Instant at={token.expiresAt} /> },
  { key: 'id', header: texts.columns.id, wide: true, hiddenAtFirst: true, cell: (token) => <code>{token.id}</code> },
];

export function ApiTokensPage() {
  const pages = useApiTokens();
  const revoke = useRevokeToken();
  const [creating, { open, close }] = useDisclosure(false);
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
        columns={columns}
        rowKey={(token) => token.id}
        rowName={(token) => token.name}
        empty={<EmptyState icon={IconKey} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={[
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
    </>
  );
}
