/** A short choice, all of it in sight. */
import { Radio, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

interface ChoiceProps<T extends string> {
  label: string;
  description?: ReactNode;
  value: T;
  choices: Record<T, string>;
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, description, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <Radio.Group label={label} description={description} value={value} onChange={(next) => onChange(next as T)}>
      <Stack gap={6} mt={4}>
        {(Object.entries(choices) as [T, string][]).map(([key, words]) => (
          <Radio key={key} value={key} label={words} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
