import type { FetchQueryOptions, QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import * as z from 'zod/mini';
import { isSignedOut } from '../api/problem';
import { meQuery } from '../features/accounts/me';
import { forecastQuery, overviewQuery } from '../features/dispatch/overview';
import { sequenceNamesQuery } from '../features/sequences/sequences';
import { ErrorPage } from './ErrorPage';
import { MissingPage } from './MissingPage';
import { Shell } from './Shell';
import { enrolSearch, eventSearch, homeSearch, peopleSearch, sequencesSearch } from './search';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  validateSearch: z.object({ tz: z.catch(z.optional(z.enum(['utc', 'mine', 'recipient'])), undefined) }),
  search: { middlewares: [retainSearchParams(['tz'])] },
  errorComponent: ErrorPage,
  notFoundComponent: MissingPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: z.object({
    returnTo: z.catch(z.optional(z.string()), undefined),
    expired: z.catch(z.optional(z.boolean()), undefined),
  }),
  component: lazyRouteComponent(() => import('../features/accounts/SignInPage'), 'SignInPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    // Home needs these first. Requested along with the user, they save a round trip.
    if (location.pathname === '/') {
      for (const query of [overviewQuery, forecastQuery, sequenceNamesQuery]) {
        void context.queries.prefetchQuery(query as FetchQueryOptions);
      }
    }
    try {
      await context.queries.ensureQueryData(meQuery);
    } catch (error) {
      throw isSignedOut(error) ? redirect({ to: '/signin', search: { returnTo: location.href } }) : error;
    }
  },
  component: Shell,
  errorComponent: ErrorPage,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: homeSearch,
  component: lazyRouteComponent(() => import('../features/dispatch/HomePage'), 'HomePage'),
});

const sequences = createRoute({
  getParentRoute: () => shell,
  path: '/sequences',
  validateSearch: sequencesSearch,
  component: lazyRouteComponent(() => import('../features/sequences/SequencesPage'), 'SequencesPage'),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('../features/instances/PeoplePage'), 'PeoplePage'),
});

const sequencePeople = createRoute({
  getParentRoute: () => shell,
  path: '/sequences/$id/people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('../features/instances/PeoplePage'), 'SequencePeoplePage'),
});

const newSequence = createRoute({
  getParentRoute: () => shell,
  path: '/sequences/new',
  component: lazyRouteComponent(() => import('../features/sequences/EditorPage'), 'NewSequencePage'),
});

const editor = createRoute({
  getParentRoute: () => shell,
  path: '/sequences/$id/edit',
  component: lazyRouteComponent(() => import('../features/sequences/EditorPage'), 'EditorPage'),
});

const publish = createRoute({
  getParentRoute: () => shell,
  path: '/sequences/$id/publish',
  component: lazyRouteComponent(() => import('../features/sequences/PublishPage'), 'PublishPage'),
});

const person = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$id',
  component: lazyRouteComponent(() => import('../features/instances/PersonPage'), 'PersonPage'),
});

const activity = createRoute({
  getParentRoute: () => shell,
  path: '/activity',
  validateSearch: eventSearch,
  component: lazyRouteComponent(() => import('../features/instances/ActivityPage'), 'ActivityPage'),
});

const enrol = createRoute({
  getParentRoute: () => shell,
  path: '/enrol',
  validateSearch: enrolSearch,
  component: lazyRouteComponent(() => import('../features/instances/EnrolPage'), 'EnrolPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  component: lazyRouteComponent(() => import('../features/dispatch/SystemPage'), 'SystemPage'),
});

const developers = createRoute({
  getParentRoute: () => shell,
  path: '/developers',
  component: lazyRouteComponent(() => import('../features/sandbox/DevelopersPage'), 'DevelopersPage'),
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: '/developers/keys',
  component: lazyRouteComponent(() => import('../features/accounts/KeysPage'), 'KeysPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$part', params: { part: 'limits' }, replace: true });
  },
});

const settingsPart = createRoute({
  getParentRoute: () => shell,
  path: '/settings/$part',
  component: lazyRouteComponent(() => import('./SettingsPage'), 'SettingsPage'),
});

const tree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    sequences,
    newSequence,
    editor,
    publish,
    people,
    sequencePeople,
    person,
    activity,
    enrol,
    system,
    developers,
    keys,
    settings,
    settingsPart,
  ]),
]);

/** The pages. Their paths are also listed in `ConsoleRoutes.cs`, which serves the console under each of them. */
export function createConsoleRouter(queries: QueryClient) {
  return createRouter({ routeTree: tree, context: { queries }, defaultPreload: 'intent', scrollRestoration: true });
}
