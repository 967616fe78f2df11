/** Where the values of a person's profile come from: who said each, when, with which sign-in or call, and what it won against. */
import { Anchor, Badge, Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OriginOfValue, ValueOrigin } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Instant } from '../interface/instant.tsx';
import { Panel } from '../interface/page.tsx';
import { type RowColumn, RowsTable } from '../interface/table/rows-table.tsx';
import { useProvenanceOf } from './api.ts';
import { texts } from './texts.ts';

const { provenance: words } = texts;

export function Provenance({ personId }: { personId: string }) {
  const { data, error, isError, isPending, refetch } = useProvenanceOf(personId);
  if (isError) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <Panel title={texts.tabs.provenance} sentence={words.sentence}>
      {isPending && <Skeleton height={160} />}
      {data !== undefined && (
        <RowsTable
          label={texts.tabs.provenance}
          rows={data.attributes}
          columns={columns}
          rowKey={({ attribute }) => attribute}
        />
      )}
    </Panel>
  );
}

const columns: RowColumn<ValueOrigin>[] = [
  {
    key: 'attribute',
    header: words.columns.attribute,
    cell: ({ title, attribute }) => (
      <>
        {title}
        <br />
        <code>{attribute}</code>
      </>
    ),
  },
  {
    key: 'value',
    header: words.columns.value,
    below: { block: true },
    cell: (origin) => (
      <>
        {textOf(origin)}
        {origin.wonAgainst.map((other) => (
          <Text key={other.source.id} size="sm" c="dimmed">
            {words.other(textOf(other), other.source.name)}
            <br />
            {other.message}.
          </Text>
        ))}
      </>
    ),
  },
  {
    key: 'source',
    header: words.columns.source,
    below: true,
    cell: (origin) => (
      <>
        <Source origin={origin} />{' '}
        {!origin.writable && (
          <Badge variant="light" color="gray" size="sm" tt="none">
            {words.mastered}
          </Badge>
        )}
      </>
    ),
  },
  { key: 'at', header: words.columns.at, below: true, cell: ({ at }) => <Instant at={at} /> },
  { key: 'by', header: words.columns.by, below: true, cell: (origin) => <WrittenBy origin={origin} /> },
];

function Source({ origin: { source } }: { origin: OriginOfValue }) {
  if (source.type === 'IDENTITY_PROVIDER')
    return (
      <Anchor component={Link} to={`/security/identity-providers/${source.id}`}>
        {source.name}
      </Anchor>
    );
  return <>{source.type === 'REMOVED' ? words.removed(source.id) : source.name}</>;
}

function WrittenBy({ origin: { by, traceId, requestId, jobId } }: { origin: OriginOfValue }) {
  if (traceId !== null)
    return (
      <Anchor component={Link} to={`/reports/sign-in-traces/${traceId}`}>
        {words.signIn}
      </Anchor>
    );
  const name = by === null ? words.unknown : (by.name ?? by.id);
  if (jobId !== null) return <>{words.job(name)}</>;
  if (requestId === null) return <>{name}</>;
  return <Anchor href={logOf(requestId)}>{name}</Anchor>;
}

/** The System Log with the events of one call. */
const logOf = (requestId: string) =>
  `/admin/reports/system-log?since=quarter&filter=${encodeURIComponent(`transaction.id eq "${requestId}"`)}`;

function textOf({ value }: OriginOfValue): string {
  if (value === null || value === '') return texts.profile.empty;
  return Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
