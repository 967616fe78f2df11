/** Where the values of a person's profile come from: who said each, when, with which sign-in or call, and what it won against. */
import { Anchor, Badge, Skeleton, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OriginOfValue, ValueOrigin } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Instant } from '../interface/instant.tsx';
import { Panel } from '../interface/page.tsx';
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
        <Table.ScrollContainer minWidth={640} type="native">
          <Table aria-label={texts.tabs.provenance} verticalSpacing="sm" tabularNums>
            <Table.Thead>
              <Table.Tr>
                {Object.values(words.columns).map((word) => (
                  <Table.Th key={word}>{word}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.attributes.map((origin) => (
                <Line key={origin.attribute} origin={origin} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

function Line({ origin }: { origin: ValueOrigin }) {
  return (
    <Table.Tr>
      <Table.Td>
        {origin.title}
        <br />
        <code>{origin.attribute}</code>
      </Table.Td>
      <Table.Td>
        {textOf(origin)}
        {origin.wonAgainst.map((other) => (
          <Text key={other.source.id} size="sm" c="dimmed">
            {words.other(textOf(other), other.source.name)}
            <br />
            {other.message}.
          </Text>
        ))}
      </Table.Td>
      <Table.Td>
        <Source origin={origin} />
        {!origin.writable && (
          <>
            <br />
            <Badge variant="light" color="gray" size="sm" tt="none">
              {words.mastered}
            </Badge>
          </>
        )}
      </Table.Td>
      <Table.Td>
        <Instant at={origin.at} />
      </Table.Td>
      <Table.Td>
        <WrittenBy origin={origin} />
      </Table.Td>
    </Table.Tr>
  );
}

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
