/** Things that are chosen one by one: found by typing, shown as a list that can be shortened. */
import { Input, Pill, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Picker } from '../interface/picker.tsx';
import { texts } from './texts.ts';

interface Option {
  value: string;
  label: string;
}

interface ChosenProps {
  label: string;
  find: string;
  nothing: string;
  ids: string[];
  useOptions: (typed: string) => { options: Option[]; loading: boolean };
  name: (id: string) => ReactNode;
  error?: ReactNode;
  /** `label`: of what was just added, at the end. */
  onChange: (ids: string[], label: string | null) => void;
}

export function Chosen({ label, find, nothing, ids, useOptions, name, error, onChange }: ChosenProps) {
  const heading = useId();
  const seen = new Map<string, string>();
  const useSeen = (typed: string) => {
    const found = useOptions(typed);
    for (const option of found.options) seen.set(option.value, option.label);
    return found;
  };
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id: heading }} error={error}>
      {ids.length === 0 ? (
        <Text size="sm" c="dimmed" mb={4}>
          {nothing}
        </Text>
      ) : (
        <Pill.Group aria-labelledby={heading} mb={4} role="group">
          {ids.map((id) => {
            const shown = name(id);
            const spoken = typeof shown === 'string' ? shown : id;
            return (
              <Pill
                key={id}
                withRemoveButton
                removeButtonProps={{ 'aria-label': texts.leaveOut(spoken), 'aria-hidden': false, tabIndex: 0 }}
                onRemove={() =>
                  onChange(
                    ids.filter((other) => other !== id),
                    null,
                  )
                }
              >
                {shown}
              </Pill>
            );
          })}
        </Pill.Group>
      )}
      <Picker
        label={find}
        useOptions={useSeen}
        without={ids}
        onPick={(id) => onChange([...ids, id], seen.get(id) ?? null)}
      />
    </Input.Wrapper>
  );
}
