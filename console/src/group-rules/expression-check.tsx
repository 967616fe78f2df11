/** What the hub says of an expression while it is written: where it is wrong, or whether it holds for somebody. */
import { List, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Picker } from '../interface/picker.tsx';
import { usePeopleOptions } from '../people/api.ts';
import { PersonName } from '../people/person-name.tsx';
import { useCheck } from './api.ts';
import { texts } from './texts.ts';

const PAUSE_MS = 400;

interface ExpressionCheckProps {
  expression: string;
  /** Whether it can be changed: that it is right goes without saying otherwise. */
  open: boolean;
}

export function ExpressionCheck({ expression, open }: ExpressionCheckProps) {
  const [settled] = useDebouncedValue(expression, PAUSE_MS);
  const [person, setPerson] = useState<string | null>(null);
  const { data } = useCheck(settled, person);
  if (settled.trim() === '') return null;
  return (
    <Stack gap="xs">
      <div role="status">
        {open && data === undefined && <Text size="sm">{texts.check.checking}</Text>}
        {open && data?.errors.length === 0 && (
          <Text size="sm" c="var(--good)">
            {texts.check.fine}
          </Text>
        )}
        {data !== undefined && data.errors.length > 0 && (
          <List size="sm" spacing={4}>
            {data.errors.map((error) => (
              <List.Item key={`${error.line}:${error.column}:${error.message}`} c="var(--bad)">
                {texts.check.place(error.line, error.column)}: {error.message} {error.hint ?? ''}
              </List.Item>
            ))}
          </List>
        )}
        {data?.matches != null && person !== null && (
          <Text size="sm">
            <PersonName id={person} /> {data.matches ? texts.check.matches : texts.check.matchesNot}{' '}
            {data.problem ?? ''}
          </Text>
        )}
      </div>
      <Picker label={texts.check.person} useOptions={usePeopleOptions} onPick={setPerson} />
    </Stack>
  );
}
