/** What a person is linked to: applications, groups, identities, recent sign-ins. */
import { Anchor, Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Group, IdentityProvider, LinkedUser, SignIn } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Instant } from '../interface/instant.tsx';
import { Panel } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type RowColumn, RowsTable } from '../interface/table/rows-table.tsx';
import { applicationOf } from '../sign-in-traces/names.ts';
import { useApplicationsOf, useGroupsOf, useLinkOf, useProvidersOf, useSignInsOf } from './api.ts';
import { texts } from './texts.ts';

interface RelatedProps<T> {
  list: UseQueryResult<T[]>;
  title: string;
  none: string;
  head?: boolean;
  columns: RowColumn<T>[];
}

function Related<T extends { id: string }>({ list, title, none, head = false, columns }: RelatedProps<T>) {
  if (list.isError) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <Panel title={title}>
      {list.isPending && <Skeleton height={80} />}
      {list.data?.length === 0 && <Text c="dimmed">{none}</Text>}
      {list.data !== undefined && list.data.length > 0 && (
        <RowsTable label={title} rows={list.data} columns={columns} rowKey={({ id }) => id} head={head} />
      )}
    </Panel>
  );
}

const status = { key: 'status', header: '', cell: (row: { status: string }) => <StatusMark status={row.status} /> };

export function Applications({ personId }: { personId: string }) {
  const name = (application: { id: string; label: string }) => (
    <Anchor component={Link} to={`/applications/${application.id}`}>
      {application.label}
    </Anchor>
  );
  return (
    <Related
      list={useApplicationsOf(personId)}
      title={texts.tabs.applications}
      none={texts.none.applications}
      columns={[{ key: 'name', header: '', cell: name }, status]}
    />
  );
}

const groupColumns: RowColumn<Group>[] = [
  {
    key: 'name',
    header: '',
    cell: (group) => (
      <Anchor component={Link} to={`/directory/groups/${group.id}`}>
        {group.profile.name}
      </Anchor>
    ),
  },
  { key: 'description', header: '', below: true, cell: (group) => group.profile.description },
];

export function Groups({ personId }: { personId: string }) {
  return (
    <Related list={useGroupsOf(personId)} title={texts.tabs.groups} none={texts.none.groups} columns={groupColumns} />
  );
}

export function LinkedIdentities({ personId }: { personId: string }) {
  return (
    <Related
      list={useProvidersOf(personId)}
      title={texts.tabs.providers}
      none={texts.none.providers}
      head
      columns={linkColumns(personId)}
    />
  );
}

const { signInColumns: words, linkColumns: linkWords } = texts;

function linkColumns(personId: string): RowColumn<IdentityProvider>[] {
  const fact = (show: (link: LinkedUser) => ReactNode) => (provider: IdentityProvider) => (
    <LinkFact personId={personId} providerId={provider.id} show={show} />
  );
  return [
    {
      key: 'provider',
      header: linkWords.provider,
      cell: (provider) => (
        <Anchor component={Link} to={`/security/identity-providers/${provider.id}`}>
          {provider.name}
        </Anchor>
      ),
    },
    {
      key: 'externalId',
      header: linkWords.externalId,
      below: { named: true, block: true },
      cell: fact((link) => <code style={{ overflowWrap: 'anywhere' }}>{link.externalId}</code>),
    },
    {
      key: 'since',
      header: linkWords.since,
      below: { named: true, block: true },
      cell: fact((link) => <Instant at={link.created} />),
    },
    {
      key: 'updated',
      header: linkWords.updated,
      below: { named: true, block: true },
      cell: fact((link) => <Instant at={link.lastUpdated} />),
    },
  ];
}

interface LinkFactProps {
  personId: string;
  providerId: string;
  show: (link: LinkedUser) => ReactNode;
}

/** What the provider knows the person by, or since when; nothing for administrators who may not read it. */
function LinkFact({ personId, providerId, show }: LinkFactProps) {
  const { data } = useLinkOf(personId, providerId);
  return data === undefined ? null : show(data);
}

const signInColumns: RowColumn<SignIn>[] = [
  {
    key: 'at',
    header: words.at,
    cell: (signIn) => (
      <Anchor component={Link} to={`/reports/sign-in-traces/${signIn.id}`}>
        <Instant at={signIn.startedAt} />
      </Anchor>
    ),
  },
  { key: 'outcome', header: words.outcome, cell: (signIn) => <StatusMark status={signIn.outcome} /> },
  { key: 'application', header: words.application, below: true, cell: (signIn) => applicationOf(signIn) },
  { key: 'provider', header: words.provider, below: true, cell: (signIn) => signIn.identityProvider?.name },
  { key: 'reason', header: words.reason, below: { block: true }, cell: (signIn) => signIn.reason },
];

export function SignIns({ personId }: { personId: string }) {
  return (
    <Related
      list={useSignInsOf(personId)}
      title={texts.tabs.signIns}
      none={texts.none.signIns}
      head
      columns={signInColumns}
    />
  );
}
