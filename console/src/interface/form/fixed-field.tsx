/** A field that has one value only: shown like the others, and not to be changed. */
import { Text } from '@mantine/core';

export function FixedField({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text fw={500}>{label}</Text>
      <Text>{value}</Text>
    </div>
  );
}
