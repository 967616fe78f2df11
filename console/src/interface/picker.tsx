/** Chooses one thing out of a list on the server by typing: a person, a group. */
import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

interface Option {
  value: string;
  label: string;
}

interface PickerProps {
  label: string;
  placeholder?: string;
  /** A hook that reads what matches the typed text. */
  useOptions: (typed: string) => { options: Option[]; loading: boolean };
  /** Values that are chosen already. */
  without?: string[];
  onPick: (value: string) => void;
}

const PAUSE_MS = 200;

export function Picker({ label, placeholder, useOptions, without = [], onPick }: PickerProps) {
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed, PAUSE_MS);
  const { options, loading } = useOptions(settled);
  return (
    <Select
      className="picker"
      label={label}
      {...(placeholder === undefined ? {} : { placeholder })}
      searchable
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      data={options.filter((option) => !without.includes(option.value))}
      nothingFoundMessage={loading ? <Loader size="xs" /> : 'Nobody and nothing found'}
      onChange={(value) => {
        if (value === null) return;
        onPick(value);
        setTyped('');
      }}
    />
  );
}
