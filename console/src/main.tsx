/** Starts the console: look, cache, address. Everything else is a screen. */
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './interface/base.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { leaveNotices } from './api/notices.tsx';
import { createQueryClient } from './api/query-client.tsx';
import { cssVariables, theme } from './interface/theme.ts';
import { router } from './router.tsx';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
// Libraries that insert style elements of their own (scroll locking of dialogs) look for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const schemes = localStorageColorSchemeManager({ key: 'gatehouse.appearance' });
const queryClient = createQueryClient();
router.subscribe('onBeforeNavigate', ({ pathChanged }) => {
  if (pathChanged) leaveNotices();
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Notifications position="bottom-center" containerWidth={420} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
