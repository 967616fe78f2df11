/** What a list says while it is empty: what it is for and what to do first. */
import { Stack, Text, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  sentence: string;
  action?: ReactNode;
}

export function EmptyState({ icon: Mark, title, sentence, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Mark size={32} stroke={1.5} color="var(--quiet)" aria-hidden />
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw="52ch">
        {sentence}
      </Text>
      {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
