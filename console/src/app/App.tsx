import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { createQueries } from '../api/queries';
import { createConsoleRouter } from './router';
import { theme, variables } from './theme';

const ToastArea = lazy(() => import('../ui/ToastArea'));

const queries = createQueries(signedOut);
const router = createConsoleRouter(queries);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Suspense>
          <ToastArea />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The session is over: what was typed is kept as a draft, and signing in returns to the page. */
function signedOut(): void {
  const { pathname, href } = router.state.location;
  if (pathname !== '/signin') {
    void router.navigate({ to: '/signin', search: { returnTo: href, expired: true } });
  }
}
