/** Several values of one kind, one line each (redirect URIs, domains). */
import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { texts } from '../../texts/index.ts';

interface ListFieldProps {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  value: string[];
  onChange: (value: string[]) => void;
  error?: ReactNode;
}

export function ListField({ label, description, placeholder, value, onChange, error }: ListFieldProps) {
  const rows = value.length === 0 ? [''] : value;
  const replace = (index: number, text: string) => onChange(rows.map((row, at) => (at === index ? text : row)));
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Stack gap={6} mb={error ? 4 : 0}>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity but their place.
          <Group key={index} gap={6} wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={rows.length === 1 ? label : `${label} ${index + 1}`}
              aria-invalid={error ? true : undefined}
              {...(placeholder === undefined ? {} : { placeholder })}
              value={row}
              onChange={(event) => replace(index, event.currentTarget.value)}
            />
            {rows.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${texts.actions.remove}: ${label} ${index + 1}`}
                onClick={() => onChange(rows.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={`${texts.actions.add}: ${label}`}
            onClick={() => onChange([...rows, ''])}
          >
            {texts.actions.add}
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}
