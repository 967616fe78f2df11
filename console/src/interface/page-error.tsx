/** A page whose thing could not be read. */
import { asRequestError } from '../api/errors.ts';
import { texts } from '../texts/index.ts';
import { ErrorNotice } from './error-notice.tsx';
import { PageHeader } from './page.tsx';

interface PageErrorProps {
  error: unknown;
  onRetry?: () => void;
}

const NOT_FOUND = 404;

export function PageError({ error, onRetry }: PageErrorProps) {
  const missing = asRequestError(error).status === NOT_FOUND;
  return (
    <>
      <PageHeader
        title={missing ? texts.errors.notFound : texts.errors.pageTitle}
        {...(missing ? { sentence: texts.errors.notFoundSentence } : {})}
      />
      <ErrorNotice error={error} {...(onRetry === undefined || missing ? {} : { onRetry })} />
    </>
  );
}
