/** What a person is linked to: applications, groups, identities, recent sign-ins. */
import { Anchor, Skeleton, Table, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Instant } from '../interface/instant.tsx';
import { Panel } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { applicationOf } from '../sign-in-traces/names.ts';
import { useApplicationsOf, useGroupsOf, useLinkOf, useProvidersOf, useSignInsOf } from './api.ts';
import { texts } from './texts.ts';

interface RelatedProps<T> {
  list: UseQueryResult<T[]>;
  title: string;
  none: string;
  head?: string[];
  row: (item: T) => ReactNode;
}

function Related<T extends { id: string }>({ list, title, none, head, row }: RelatedProps<T>) {
  if (list.isError) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <Panel title={title}>
      {list.isPending && <Skeleton height={80} />}
      {list.data?.length === 0 && <Text c="dimmed">{none}</Text>}
      {list.data !== undefined && list.data.length > 0 && (
        <Table.ScrollContainer minWidth={280} type="native">
          <Table aria-label={title} tabularNums>
            {head !== undefined && (
              <Table.Thead>
                <Table.Tr>
                  {head.map((word) => (
                    <Table.Th key={word}>{word}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
            )}
            <Table.Tbody>
              {list.data.map((item) => (
                <Table.Tr key={item.id}>{row(item)}</Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

export function Applications({ personId }: { personId: string }) {
  return (
    <Related
      list={useApplicationsOf(personId)}
      title={texts.tabs.applications}
      none={texts.none.applications}
      row={(application) => (
        <>
          <Table.Td>
            <Anchor component={Link} to={`/applications/${application.id}`}>
              {application.label}
            </Anchor>
          </Table.Td>
          <Table.Td>
            <StatusMark status={application.status} />
          </Table.Td>
        </>
      )}
    />
  );
}

export function Groups({ personId }: { personId: string }) {
  return (
    <Related
      list={useGroupsOf(personId)}
      title={texts.tabs.groups}
      none={texts.none.groups}
      row={(group) => (
        <>
          <Table.Td>
            <Anchor component={Link} to={`/directory/groups/${group.id}`}>
              {group.profile.name}
            </Anchor>
          </Table.Td>
          <Table.Td>{group.profile.description}</Table.Td>
        </>
      )}
    />
  );
}

export function LinkedIdentities({ personId }: { personId: string }) {
  return (
    <Related
      list={useProvidersOf(personId)}
      title={texts.tabs.providers}
      none={texts.none.providers}
      head={Object.values(texts.linkColumns)}
      row={(provider) => (
        <>
          <Table.Td>
            <Anchor component={Link} to={`/security/identity-providers/${provider.id}`}>
              {provider.name}
            </Anchor>
          </Table.Td>
          <LinkFacts personId={personId} providerId={provider.id} />
        </>
      )}
    />
  );
}

/** What the provider knows the person by, and since when; nothing for administrators who may not read it. */
function LinkFacts({ personId, providerId }: { personId: string; providerId: string }) {
  const { data } = useLinkOf(personId, providerId);
  return (
    <>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{data && <code>{data.externalId}</code>}</Table.Td>
      <Table.Td>{data && <Instant at={data.created} />}</Table.Td>
      <Table.Td>{data && <Instant at={data.lastUpdated} />}</Table.Td>
    </>
  );
}

export function SignIns({ personId }: { personId: string }) {
  const { signInColumns: words } = texts;
  return (
    <Related
      list={useSignInsOf(personId)}
      title={texts.tabs.signIns}
      none={texts.none.signIns}
      head={[words.at, words.outcome, words.application, words.provider, words.reason]}
      row={(signIn) => (
        <>
          <Table.Td>
            <Anchor component={Link} to={`/reports/sign-in-traces/${signIn.id}`}>
              <Instant at={signIn.startedAt} />
            </Anchor>
          </Table.Td>
          <Table.Td>
            <StatusMark status={signIn.outcome} />
          </Table.Td>
          <Table.Td>{applicationOf(signIn)}</Table.Td>
          <Table.Td>{signIn.identityProvider?.name}</Table.Td>
          <Table.Td>{signIn.reason}</Table.Td>
        </>
      )}
    />
  );
}
