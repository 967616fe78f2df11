/** The hub's keys towards a SAML provider, and their rollover. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { SamlProvider } from '../../contract.ts';
import { confirm } from '../../interface/confirm.tsx';
import { CopyField } from '../../interface/copy-field.tsx';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { Instant } from '../../interface/instant.tsx';
import { PageSkeleton, Panel } from '../../interface/page.tsx';
import { StatusMark } from '../../interface/status.tsx';
import { texts } from '../texts.ts';
import { type SigningKey, useKeyChanges, useSigningKeys } from './api.ts';

const words = texts.saml.keys;

export function SamlKeys({ provider }: { provider: SamlProvider }) {
  const keys = useSigningKeys(provider.id);
  const change = useKeyChanges(provider.id);
  const active = provider.protocol.credentials.signing.kid;
  if (keys.isError) return <ErrorNotice error={keys.error} onRetry={() => void keys.refetch()} />;
  if (keys.data === undefined) return <PageSkeleton />;
  return (
    <Panel title={words.own}>
      <Text c="dimmed" mb="md">
        {words.ownSentence}
      </Text>
      <Stack gap="md">
        {keys.data.map((key) => (
          <Key
            key={key.kid}
            signingKey={key}
            active={key.kid === active}
            onActivate={() => change.activate.mutate(key.kid)}
            onRetire={() =>
              confirm({
                title: words.askRetire,
                sentence: words.retireSentence,
                action: words.retire,
                onConfirm: () => change.retire.mutate(key.kid),
              })
            }
          />
        ))}
      </Stack>
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

interface KeyProps {
  signingKey: SigningKey;
  active: boolean;
  onActivate: () => void;
  onRetire: () => void;
}

function Key({ signingKey, active, onActivate, onRetire }: KeyProps) {
  const { kid, expiresAt, lastUsed } = signingKey;
  return (
    <Group justify="space-between" gap="md">
      <Stack gap={6}>
        <StatusMark status={active ? 'ACTIVE' : 'PUBLISHED'} label={active ? words.active : words.published} />
        <CopyField label={words.id} value={kid} />
        <Text size="sm" c="dimmed">
          {words.expires} <Instant at={expiresAt} />. {words.lastUsed}:{' '}
          {lastUsed === null ? words.never : <Instant at={lastUsed} />}.
        </Text>
      </Stack>
      {!active && (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onActivate}>
            {words.activate}
          </Button>
          <Button size="xs" variant="default" onClick={onRetire}>
            {words.retire}
          </Button>
        </Group>
      )}
    </Group>
  );
}
