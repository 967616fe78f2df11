/** The hub's keys towards a SAML provider, and their rollover. */
import { Badge, Button, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import type { SamlProvider } from '../../contract.ts';
import { confirm } from '../../interface/confirm.tsx';
import { Instant } from '../../interface/instant.tsx';
import { PageSkeleton, Panel } from '../../interface/page.tsx';
import { PageError } from '../../interface/page-error.tsx';
import { texts as shared } from '../../texts/index.ts';
import { texts } from '../texts.ts';
import { useKeyChanges, useSigningKeys } from './api.ts';

const words = texts.saml.keys;

export function SamlKeys({ provider }: { provider: SamlProvider }) {
  const keys = useSigningKeys(provider.id);
  const change = useKeyChanges(provider.id);
  const active = provider.protocol.credentials.signing.kid;
  if (keys.isError) return <PageError error={keys.error} onRetry={() => void keys.refetch()} />;
  if (keys.data === undefined) return <PageSkeleton />;
  return (
    <Panel title={words.own}>
      <Text c="dimmed" mb="md">
        {words.ownSentence}
      </Text>
      <Table.ScrollContainer minWidth={560} type="native" tabIndex={0} role="region" aria-label={words.own}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.kid}</Table.Th>
              <Table.Th>{words.state}</Table.Th>
              <Table.Th>{words.expires}</Table.Th>
              <Table.Th>{words.lastUsed}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{shared.actions.actions}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.data.map((key) => (
              <Table.Tr key={key.kid}>
                <Table.Td>
                  <code>{key.kid.slice(0, 12)}…</code>
                </Table.Td>
                <Table.Td>
                  <Badge variant={key.kid === active ? 'filled' : 'default'}>
                    {key.kid === active ? words.active : words.published}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Instant at={key.expiresAt} />
                </Table.Td>
                <Table.Td>{key.lastUsed === null ? words.never : <Instant at={key.lastUsed} />}</Table.Td>
                <Table.Td>
                  {key.kid !== active && (
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Button size="xs" variant="default" onClick={() => change.activate.mutate(key.kid)}>
                        {words.activate}
                      </Button>
                      <Button
                        size="xs"
                        variant="default"
                        onClick={() =>
                          confirm({
                            title: words.askRetire,
                            sentence: words.retireSentence,
                            action: words.retire,
                            onConfirm: () => change.retire.mutate(key.kid),
                          })
                        }
                      >
                        {words.retire}
                      </Button>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Button
        mt="md"
        variant="default"
        loading={change.generate.isPending}
        onClick={() => change.generate.mutate(undefined)}
      >
        {words.generate}
      </Button>
    </Panel>
  );
}
