/** The closed set of an attribute's values, one line each: what people read, and what is stored. */
import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { texts as shared } from '../../texts/index.ts';
import { texts } from '../texts.ts';
import type { Choice } from './values.ts';

interface ChoicesFieldProps {
  value: Choice[];
  onChange: (value: Choice[]) => void;
  error?: string;
}

const words = texts.choices;

export function ChoicesField({ value, onChange, error }: ChoicesFieldProps) {
  const replace = (index: number, change: Partial<Choice>) =>
    onChange(value.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <Stack gap={6} role="group" aria-label={words.title}>
      {value.map((choice, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity but their place.
        <Group key={index} gap={6} wrap="nowrap" align="flex-start">
          <TextInput
            flex={1}
            aria-label={`${words.label} ${index + 1}`}
            placeholder={words.label}
            value={choice.title}
            onChange={(event) => replace(index, { title: event.currentTarget.value })}
          />
          <TextInput
            flex={1}
            aria-label={`${words.value} ${index + 1}`}
            placeholder={words.value}
            classNames={{ input: 'code' }}
            value={choice.value}
            error={index === 0 ? error : undefined}
            onChange={(event) => replace(index, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            disabled={value.length === 1}
            aria-label={`${shared.actions.remove}: ${words.value} ${index + 1}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...value, { title: '', value: '' }])}
        >
          {words.add}
        </Button>
      </div>
    </Stack>
  );
}
