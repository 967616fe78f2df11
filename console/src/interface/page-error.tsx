/** A page whose thing could not be read, or is not there. */
import { Button, Center } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { asRequestError } from '../api/errors.ts';
import { texts } from '../texts/index.ts';
import { EmptyState } from './empty-state.tsx';
import { ErrorCode, ErrorNotice } from './error-notice.tsx';
import { type BackTo, PageHeader, usePageTitle } from './page.tsx';

interface PageErrorProps {
  error: unknown;
  onRetry?: () => void;
  /** The list that the thing would stand in. */
  back?: BackTo;
}

const NOT_FOUND = 404;
const DASHBOARD: BackTo = { to: '/', label: texts.errors.toDashboard };

export function PageError({ error, onRetry, back }: PageErrorProps) {
  const failure = asRequestError(error);
  if (failure.status === NOT_FOUND)
    return (
      <>
        <Missing {...(back === undefined ? {} : { back })} />
        <Center>
          <ErrorCode error={failure} />
        </Center>
      </>
    );
  return (
    <>
      <PageHeader title={texts.errors.pageTitle} {...(back === undefined ? {} : { back })} />
      <ErrorNotice error={error} {...(onRetry === undefined ? {} : { onRetry })} />
    </>
  );
}

/** Says so once, and leads away. */
export function Missing({ back = DASHBOARD }: { back?: BackTo }) {
  usePageTitle(texts.errors.notFound);
  return (
    <EmptyState
      icon={IconMapOff}
      level={1}
      title={texts.errors.notFound}
      sentence={texts.errors.notFoundSentence}
      action={
        <Button component={Link} to={back.to} variant="default">
          {back === DASHBOARD ? back.label : texts.errors.toList(back.label)}
        </Button>
      }
    />
  );
}
