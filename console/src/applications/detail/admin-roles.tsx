/** The tab Admin roles: the roles with which an application acts by itself. */
import { Button, Group, Select, Skeleton, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { Instant } from '../../interface/instant.tsx';
import { Panel } from '../../interface/page.tsx';
import { useClientRoles, useGiveRole, useTakeRole } from '../api.ts';
import { texts } from '../texts.ts';

const words = texts.roles;

export function AdminRoles({ id }: { id: string }) {
  const roles = useClientRoles(id);
  const give = useGiveRole(id);
  const take = useTakeRole(id);
  const [chosen, setChosen] = useState<string | null>(null);
  if (roles.isError) return <ErrorNotice error={roles.error} onRetry={() => void roles.refetch()} />;
  if (roles.data === undefined) return <Skeleton height={160} />;
  const held = new Set<string>(roles.data.map(({ type }) => type));
  const choices = Object.entries(words.names).filter(([type]) => !held.has(type));
  return (
    <Panel title={texts.tabs.roles} sentence={words.sentence}>
      {roles.data.length === 0 && <Text c="dimmed">{words.none}</Text>}
      {roles.data.length > 0 && (
        <Table.ScrollContainer minWidth={280} type="native">
          <Table aria-label={texts.tabs.roles}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.role}</Table.Th>
                <Table.Th>{words.columns.since}</Table.Th>
                <Table.Th>{words.columns.change}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {roles.data.map((role) => (
                <Table.Tr key={role.id}>
                  <Table.Td>{role.label}</Table.Td>
                  <Table.Td>
                    <Instant at={role.created} />
                  </Table.Td>
                  <Table.Td>
                    <Button
                      variant="default"
                      size="xs"
                      disabled={take.isPending}
                      aria-label={words.removeOf(role.label)}
                      onClick={() => take.mutate(role.id)}
                    >
                      {words.remove}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Group mt="md" align="flex-end">
        <Select
          label={words.add}
          data={choices.map(([value, label]) => ({ value, label }))}
          value={chosen}
          onChange={setChosen}
        />
        <Button
          disabled={chosen === null || give.isPending}
          onClick={() => chosen !== null && give.mutate(chosen, { onSuccess: () => setChosen(null) })}
        >
          {words.addAction}
        </Button>
      </Group>
    </Panel>
  );
}
