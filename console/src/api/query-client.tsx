/** One cache for the console. Failed changes that no screen shows become a notification. */
import { notifications } from '@mantine/notifications';
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ErrorDetails } from '../interface/error-notice.tsx';
import { texts } from '../texts/index.ts';
import { asRequestError, RequestError } from './errors.ts';

const MAY_RETRY = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < MAY_RETRY && !(error instanceof RequestError && error.status < 500),
        refetchOnWindowFocus: false,
      },
    },
    mutationCache: new MutationCache({
      onSuccess: (_data, _input, _context, mutation) => {
        const done = mutation.meta?.done;
        if (typeof done === 'string') notifications.show({ message: done, color: 'good', autoClose: 3000 });
      },
      onError: (error, _input, _context, mutation) => {
        if (mutation.meta?.showsErrors === true) return;
        notifications.show({
          title: texts.errors.notDone,
          message: <ErrorDetails error={asRequestError(error)} />,
          color: 'bad',
          autoClose: false,
        });
      },
    }),
  });
}
