/** A few facts about a thing, in one line under its name. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function Facts({ children }: { children: ReactNode }) {
  return (
    <Group style={{ gap: '12px 32px' }} mb="md">
      {children}
    </Group>
  );
}

export function Fact({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div>{value}</div>
    </div>
  );
}
