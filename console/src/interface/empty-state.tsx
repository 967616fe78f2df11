/** What a list says while it is empty: what it is for and what to do first. */
import { Stack, Text, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  sentence: string;
  action?: ReactNode;
  /** 1 where it is all that the page says. */
  level?: 1 | 2;
}

export function EmptyState({ icon: Mark, title, sentence, action, level = 2 }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Mark size={32} stroke={1.5} color="var(--quiet)" aria-hidden />
      <Title order={level}>{title}</Title>
      <Text c="dimmed" maw="52ch">
        {sentence}
      </Text>
      {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
