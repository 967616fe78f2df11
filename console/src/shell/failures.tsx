/** What stands in the place of a page that could not be shown. */
import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { EmptyState } from '../interface/empty-state.tsx';
import { PageError } from '../interface/page-error.tsx';
import { texts } from '../texts/index.ts';

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return <PageError error={error} onRetry={reset} />;
}

export function PageMissing() {
  return (
    <EmptyState
      icon={IconMapOff}
      level={1}
      title={texts.errors.notFound}
      sentence={texts.errors.notFoundSentence}
      action={
        <Button component={Link} to="/" variant="default">
          {texts.errors.toDashboard}
        </Button>
      }
    />
  );
}
