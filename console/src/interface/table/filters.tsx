/** The fields of a filter row. What is typed reaches the server after a short pause. */
import { CloseButton, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { texts } from '../../texts/index.ts';
import classes from './filters.module.css';

const PAUSE_MS = 250;

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const send = useDebouncedCallback(onChange, PAUSE_MS);
  const set = (next: string) => {
    setTyped(next);
    send(next);
  };
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label={texts.actions.clear} onClick={() => set('')} />
      }
      value={typed}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

interface FilterSelectProps {
  label: string;
  value: string;
  /** Value and words; the first row is what stands when nothing was chosen. */
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

export function FilterSelect({ label, value, options, onChange }: FilterSelectProps) {
  return (
    <Select
      className={classes.select}
      aria-label={label}
      data={options}
      value={value}
      allowDeselect={false}
      checkIconPosition="right"
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
