/** Where an attribute's value comes from; where it overrides the profile source, from whom first. */
import { ActionIcon, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useProviderChoices } from '../../identity-providers/api.ts';
import { Choice } from '../../interface/form/choice.tsx';
import { PRODUCT } from '../../labels.ts';
import { texts as shared } from '../../texts/index.ts';
import { texts } from '../texts.ts';
import { HUB, type Source } from './values.ts';

interface SourcePriorityProps {
  source: Source;
  sources: string[];
  onChange: (change: { source?: Source; sources?: string[] }) => void;
  error?: string;
}

const words = texts.source;

export function SourcePriority({ source, sources, onChange, error }: SourcePriorityProps) {
  return (
    <Stack gap="sm">
      <Choice<Source>
        label={words.title}
        description={words.help}
        value={source}
        choices={words.choices}
        onChange={(next) => onChange({ source: next })}
      />
      {source === 'OVERRIDE' && <Order sources={sources} onChange={(next) => onChange({ sources: next })} />}
      {error !== undefined && (
        <Text c="var(--bad)" size="sm">
          {error}
        </Text>
      )}
    </Stack>
  );
}

function Order({ sources, onChange }: { sources: string[]; onChange: (sources: string[]) => void }) {
  const providers = useProviderChoices();
  const known = [
    { value: HUB, label: PRODUCT },
    ...(providers.data ?? []).map((provider) => ({ value: provider.id, label: provider.name })),
  ];
  const nameOf = (id: string) => known.find(({ value }) => value === id)?.label ?? id;
  const move = (index: number, by: number) => {
    const next = [...sources];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index + by, 0, moved);
    onChange(next);
  };
  return (
    <Stack gap={6}>
      <Stack gap={6} component="ol" m={0} p={0} aria-label={words.order} style={{ listStyle: 'none' }}>
        {sources.map((id, index) => (
          <Paper key={id} component="li" withBorder px="sm" py={4}>
            <Group gap="xs" wrap="nowrap">
              <Text size="sm" flex={1} style={{ overflowWrap: 'anywhere' }}>
                {index + 1}. {nameOf(id)}
              </Text>
              <Step label={words.up(nameOf(id))} disabled={index === 0} onClick={() => move(index, -1)}>
                <IconArrowUp size={16} aria-hidden />
              </Step>
              <Step
                label={words.down(nameOf(id))}
                disabled={index === sources.length - 1}
                onClick={() => move(index, 1)}
              >
                <IconArrowDown size={16} aria-hidden />
              </Step>
              <Step
                label={`${shared.actions.remove}: ${nameOf(id)}`}
                disabled={sources.length === 1}
                onClick={() => onChange(sources.filter((other) => other !== id))}
              >
                <IconX size={16} aria-hidden />
              </Step>
            </Group>
          </Paper>
        ))}
      </Stack>
      <Select
        label={words.add}
        value={null}
        data={known.filter(({ value }) => !sources.includes(value))}
        nothingFoundMessage={shared.table.nothing}
        onChange={(id) => id !== null && onChange([...sources, id])}
      />
    </Stack>
  );
}

interface StepProps {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function Step({ label, disabled, onClick, children }: StepProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={disabled} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}
