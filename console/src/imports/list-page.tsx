/** Directory → People → Import from CSV: a new file, and what was imported before. */
import { Anchor, Title } from '@mantine/core';
import { IconTableImport } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Import } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { isUnderWay, useDeleteImport, useImports, useUpload } from './api.ts';
import { nameOf, summaryOf } from './names.ts';
import { texts } from './texts.ts';
import { Upload } from './upload.tsx';

const { past } = texts;

const columns: Column<Import>[] = [
  {
    key: 'file',
    header: past.columns.file,
    fixed: true,
    cell: (item) => (
      <Anchor component={Link} to={`/directory/people/import/${item.id}`} fw={500}>
        {nameOf(item)}
      </Anchor>
    ),
  },
  { key: 'status', header: past.columns.status, fixed: true, cell: ({ status }) => texts.statuses[status] ?? status },
  { key: 'rows', header: past.columns.rows, numeric: true, cell: ({ rows }) => texts.count(rows) },
  { key: 'outcome', header: past.columns.outcome, below: true, cell: summaryOf },
  { key: 'by', header: past.columns.by, wide: true, cell: ({ createdBy }) => createdBy.displayName },
  { key: 'created', header: past.columns.created, below: true, cell: ({ created }) => <Instant at={created} /> },
];

export function ImportsPage() {
  const navigate = useNavigate();
  const upload = useUpload();
  const remove = useDeleteImport();
  const pages = useImports();
  const send = (file: File) =>
    upload.mutate(file, {
      onSuccess: ({ id }) => void navigate({ to: '/directory/people/import/$id', params: { id } }),
    });
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        back={{ to: '/directory/people', label: texts.people }}
      />
      <Upload onFile={send} sending={upload.isPending ? upload.variables.name : null} error={upload.error} />
      <Title order={2} mt="xl" mb="sm">
        {past.title}
      </Title>
      <DataTable
        name="imports"
        label={past.title}
        pages={pages}
        columns={columns}
        rowKey={({ id }) => id}
        rowName={nameOf}
        actions={[
          {
            label: past.delete,
            danger: true,
            when: (item) => !isUnderWay(item),
            onSelect: (item) =>
              confirm({
                title: past.ask(nameOf(item)),
                sentence: past.askSentence,
                action: past.delete,
                onConfirm: () => remove.mutate(item.id),
              }),
          },
        ]}
        empty={<EmptyState icon={IconTableImport} title={past.empty.title} sentence={past.empty.sentence} />}
      />
    </>
  );
}
