/** Reports → Mail outbox. */
import { Button, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconMail } from '@tabler/icons-react';
import type { MailMessage } from '../contract.ts';
import { CopyField } from '../interface/copy-field.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { Login } from '../interface/table/login.tsx';
import { texts as shared } from '../texts/index.ts';
import { useMessages, useReadMessage } from './api.ts';
import { texts } from './texts.ts';

const columns: Column<MailMessage>[] = [
  { key: 'subject', header: texts.columns.subject, fixed: true, cell: (message) => <Subject message={message} /> },
  { key: 'recipient', header: texts.columns.recipient, cell: (message) => <Login value={message.recipient} /> },
  { key: 'status', header: texts.columns.status, cell: (message) => texts.statuses[message.status] ?? message.status },
  { key: 'error', header: texts.columns.error, below: true, cell: (message) => message.lastError },
  { key: 'created', header: texts.columns.created, below: true, cell: (message) => <Instant at={message.created} /> },
];

export function MailPage() {
  const pages = useMessages();
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} />
      <DataTable
        name="mail"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(message) => message.id}
        rowName={(message) => message.subject}
        empty={<EmptyState icon={IconMail} title={texts.empty.title} sentence={texts.empty.sentence} />}
      />
    </>
  );
}

function Subject({ message }: { message: MailMessage }) {
  const read = useReadMessage();
  return (
    <Stack gap={4} align="flex-start">
      <span>{message.subject}</span>
      {message.readable && (
        <Button
          variant="transparent"
          size="compact-sm"
          px={0}
          loading={read.isPending}
          aria-label={`${texts.read}: ${message.subject}, ${message.recipient}`}
          onClick={() => read.mutate(message.id, { onSuccess: show })}
        >
          {texts.read}
        </Button>
      )}
    </Stack>
  );
}

function show(message: MailMessage & { body: string | null }): void {
  const link = /https?:\/\/\S+/.exec(message.body ?? '')?.[0];
  modals.open({
    title: message.subject,
    closeButtonProps: { 'aria-label': shared.actions.close },
    children: (
      <Stack gap="md">
        <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{message.body ?? texts.gone}</Text>
        {link !== undefined && <CopyField label="Link" value={link} />}
      </Stack>
    ),
  });
}
