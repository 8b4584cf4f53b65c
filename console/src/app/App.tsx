import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { createQueries } from '../api/queries';
import { meQuery } from '../features/accounts/me';
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

/** There is no session. Signing in returns to the page. Only a session that this page has used is said to have expired. */
function signedOut(): void {
  const { pathname, href } = router.state.location;
  if (pathname !== '/signin') {
    const expired = queries.getQueryData(meQuery.queryKey) === undefined ? undefined : true;
    void router.navigate({ to: '/signin', search: { returnTo: href, expired } });
  }
}
