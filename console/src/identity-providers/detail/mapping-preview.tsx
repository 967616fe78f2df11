/** Tries the mapping as it stands in the form: with what the provider last said of a person, or with a pasted profile. */
import { Button, Group, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Preview, PreviewInput } from '../../contract.ts';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { Instant } from '../../interface/instant.tsx';
import { Panel } from '../../interface/page.tsx';
import { Picker } from '../../interface/picker.tsx';
import { type RowColumn, RowsTable } from '../../interface/table/rows-table.tsx';
import { usePeopleOptions } from '../../people/api.ts';
import { PersonName } from '../../people/person-name.tsx';
import { usePreview } from '../api.ts';
import { texts } from '../texts.ts';

const { preview: words } = texts.mappings;

interface MappingPreviewProps {
  mappingId: string;
  /** What the form would save. */
  draft: NonNullable<PreviewInput['properties']>;
}

export function MappingPreview({ mappingId, draft }: MappingPreviewProps) {
  const preview = usePreview(mappingId);
  const [pasted, setPasted] = useState('');
  const profile = parsed(pasted);
  const unreadable = pasted.trim() !== '' && profile === null;
  const show = (input: PreviewInput) => preview.mutate({ ...input, properties: draft });
  return (
    <Panel title={words.title} sentence={words.sentence}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <Picker label={words.person} useOptions={usePeopleOptions} onPick={(userId) => show({ userId })} />
        <Stack gap="sm">
          <Textarea
            label={words.pasted}
            description={words.pastedHelp}
            classNames={{ input: 'code' }}
            autosize
            minRows={2}
            maxRows={12}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            error={unreadable ? words.unreadable : undefined}
          />
          <Group>
            <Button
              variant="default"
              disabled={profile === null}
              loading={preview.isPending}
              onClick={() => show({ profile })}
            >
              {words.show}
            </Button>
          </Group>
        </Stack>
      </SimpleGrid>
      {preview.isError && <ErrorNotice error={preview.error} title={words.failed} />}
      {preview.data !== undefined && <Result preview={preview.data} personId={preview.variables.userId ?? ''} />}
    </Panel>
  );
}

function Result({ preview, personId }: { preview: Preview; personId: string }) {
  return (
    <>
      <Text size="sm" c="dimmed" mt="md" role="status">
        {preview.asserted === null ? (
          words.ofPasted
        ) : (
          <>
            {words.ofPerson} <PersonName id={personId} /> (<Instant at={preview.asserted} />
            ).
          </>
        )}{' '}
        {words.userName(preview.userName)}
      </Text>
      <RowsTable label={words.title} rows={preview.properties} columns={columns} rowKey={({ target }) => target} />
    </>
  );
}

type Line = Preview['properties'][number];

const columns: RowColumn<Line>[] = [
  { key: 'target', header: words.columns.target, cell: ({ target }) => <code>{target}</code> },
  {
    key: 'value',
    header: words.columns.value,
    below: { named: true, block: true },
    cell: ({ value }) => shown(value),
  },
  { key: 'now', header: words.columns.from, below: { named: true, block: true }, cell: ({ from }) => shown(from) },
  {
    key: 'then',
    header: words.columns.to,
    below: { named: true, block: true },
    cell: (line) => <Outcome line={line} />,
  },
];

function Outcome({ line: { problem, refused, from, to } }: { line: Line }) {
  const trouble = problem?.message ?? refused?.message;
  const place = problem?.line === undefined ? '' : ` ${words.place(problem.line, problem.column ?? 1)}`;
  const same = JSON.stringify(from) === JSON.stringify(to);
  return (
    <>
      <Text span inherit {...(same ? { c: 'dimmed' } : { fw: 500 })}>
        {same ? words.unchanged : shown(to)}
      </Text>
      {trouble !== undefined && (
        <Text size="sm" c={refused === null || refused.code === 'schema' ? 'var(--bad)' : 'dimmed'}>
          {trouble}
          {place}
        </Text>
      )}
    </>
  );
}

/** A pasted object; null for anything else. */
function parsed(text: string): NonNullable<PreviewInput['profile']> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as NonNullable<PreviewInput['profile']>)
      : null;
  } catch {
    return null;
  }
}

function shown(value: Preview['properties'][number]['value']): string {
  if (value === null || value === '') return words.nothing;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
