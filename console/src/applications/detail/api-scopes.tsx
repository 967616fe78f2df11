/** The tab API scopes: what an application may ask for at the management API. */
import { Button, Skeleton, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { Panel } from '../../interface/page.tsx';
import { useApiScopes, useGrantScope, useRevokeScope, useScopeGrants } from '../api.ts';
import { texts } from '../texts.ts';

const words = texts.scopes;

export function ApiScopes({ id }: { id: string }) {
  const scopes = useApiScopes();
  const grants = useScopeGrants(id);
  const grant = useGrantScope(id);
  const revoke = useRevokeScope(id);
  const [filter, setFilter] = useState('');
  const failed = scopes.error ?? grants.error;
  if (failed !== null) return <ErrorNotice error={failed} onRetry={() => void grants.refetch()} />;
  if (scopes.data === undefined || grants.data === undefined) return <Skeleton height={300} />;
  const given = new Map(grants.data.map(({ scopeId, id: grantId }) => [scopeId, grantId]));
  const shown = scopes.data.filter((scope) => scope.toLowerCase().includes(filter.trim().toLowerCase()));
  const pending = grant.isPending || revoke.isPending;
  return (
    <Panel title={texts.tabs.scopes} sentence={words.sentence}>
      <TextInput
        label={words.filter}
        maw={360}
        mb="md"
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      {shown.length === 0 && <Text c="dimmed">{words.none}</Text>}
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={280} type="native">
          <Table aria-label={texts.tabs.scopes}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.scope}</Table.Th>
                <Table.Th>{words.columns.state}</Table.Th>
                <Table.Th>{words.columns.change}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((scope) => {
                const grantId = given.get(scope);
                const granted = grantId !== undefined;
                return (
                  <Table.Tr key={scope}>
                    <Table.Td>
                      <code>{scope}</code>
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" {...(granted ? { fw: 600 } : { c: 'dimmed' })}>
                        {granted ? words.granted : words.notGranted}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Button
                        variant="default"
                        size="xs"
                        disabled={pending}
                        aria-label={granted ? words.revokeOf(scope) : words.grantOf(scope)}
                        onClick={() => (granted ? revoke.mutate(grantId) : grant.mutate(scope))}
                      >
                        {granted ? words.revoke : words.grant}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
