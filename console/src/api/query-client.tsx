/** One cache for the console. Failed changes that no screen shows become a notice over the page. */
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { RequestError } from './errors.ts';
import { takeRefusal, tellDone, tellRefusal } from './notices.tsx';

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
      onMutate: (_input, { meta }) => {
        if (meta !== undefined) takeRefusal(meta.action);
      },
      // When all is read again: a notice is as old as what the page shows.
      onSettled: (_data, error, _input, _context, { meta }) => {
        if (meta === undefined) return;
        if (error === null) {
          if (meta.done !== undefined) tellDone(meta.done);
        } else if (!meta.showsErrors) tellRefusal(meta.action, error, meta.refused);
      },
    }),
  });
}
