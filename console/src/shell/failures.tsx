/** What stands in the place of a page that could not be shown. */
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Missing, PageError } from '../interface/page-error.tsx';

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return <PageError error={error} onRetry={reset} />;
}

export function PageMissing() {
  return <Missing />;
}
