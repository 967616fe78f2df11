/** The frame of a page: title, one sentence, what can be done, and panels below. */
import { Anchor, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { PRODUCT } from '../labels.ts';
import classes from './page.module.css';

export interface BackTo {
  to: LinkProps['to'];
  label: string;
}

interface PageHeaderProps {
  title: string;
  sentence?: ReactNode;
  /** Beside the title: a status, a kind. */
  mark?: ReactNode;
  actions?: ReactNode;
  back?: BackTo;
}

/** What the browser's tab says. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${PRODUCT}`;
  }, [title]);
}

export function PageHeader({ title, sentence, mark, actions, back }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <div className={classes.header}>
      <div className={classes.heading}>
        {back !== undefined && (
          <Anchor component={Link} to={back.to} className={classes.back}>
            <IconChevronLeft size={14} aria-hidden /> {back.label}
          </Anchor>
        )}
        <Group gap="sm" wrap="wrap">
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {mark}
        </Group>
        {sentence !== undefined && <Text c="dimmed">{sentence}</Text>}
      </div>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </div>
  );
}

/** What has to be said of the whole page, between its header and its content. */
export function PageNotice({ children }: { children: ReactNode }) {
  return <div className={classes.notice}>{children}</div>;
}

interface PanelProps {
  title?: string;
  sentence?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, sentence, actions, children }: PanelProps) {
  return (
    <Paper component="section" withBorder p="lg" className={classes.panel} {...(title ? { 'aria-label': title } : {})}>
      {title !== undefined && (
        <Group justify="space-between" mb="md" gap="sm">
          <div>
            <Title order={2}>{title}</Title>
            {sentence !== undefined && (
              <Text c="dimmed" size="sm">
                {sentence}
              </Text>
            )}
          </div>
          {actions}
        </Group>
      )}
      {children}
    </Paper>
  );
}

/** Stands where a page will be while its data is on the way. */
export function PageSkeleton() {
  return (
    <Stack gap="md" aria-busy="true">
      <Skeleton height={28} width={240} />
      <Skeleton height={16} width={360} maw="100%" />
      <Skeleton height={220} mt="md" />
    </Stack>
  );
}
