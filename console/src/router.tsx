/** The console's addresses: one row per screen, each loaded when it is first shown. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { PageSkeleton } from './interface/page.tsx';
import { parseSearch } from './interface/url-state.ts';
import { PageFailed, PageMissing } from './shell/failures.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing, validateSearch: parseSearch });

const parent = () => root;
const dashboard = () => import('./dashboard/dashboard-page.tsx');
const people = {
  list: () => import('./people/list-page.tsx'),
  add: () => import('./people/add-page.tsx'),
  detail: () => import('./people/detail-page.tsx'),
};
const imports = {
  list: () => import('./imports/list-page.tsx'),
  detail: () => import('./imports/detail-page.tsx'),
};
const groups = { list: () => import('./groups/list-page.tsx'), detail: () => import('./groups/detail-page.tsx') };
const groupRules = {
  list: () => import('./group-rules/list-page.tsx'),
  form: () => import('./group-rules/form-page.tsx'),
};
const profiles = {
  list: () => import('./profile-editor/list-page.tsx'),
  detail: () => import('./profile-editor/detail-page.tsx'),
};
const applications = {
  list: () => import('./applications/list-page.tsx'),
  add: () => import('./applications/add-page.tsx'),
  detail: () => import('./applications/detail-page.tsx'),
};
const providers = {
  list: () => import('./identity-providers/list-page.tsx'),
  choose: () => import('./identity-providers/type-page.tsx'),
  add: () => import('./identity-providers/add-page.tsx'),
  addSaml: () => import('./identity-providers/saml/add-page.tsx'),
  detail: () => import('./identity-providers/detail-page.tsx'),
};
const rules = {
  list: () => import('./routing-rules/list-page.tsx'),
  form: () => import('./routing-rules/form-page.tsx'),
};
const zones = {
  list: () => import('./network-zones/list-page.tsx'),
  form: () => import('./network-zones/form-page.tsx'),
};
const hooks = {
  list: () => import('./event-hooks/list-page.tsx'),
  form: () => import('./event-hooks/form-page.tsx'),
};
const tokens = () => import('./api-tokens/list-page.tsx');
const jobs = () => import('./jobs/list-page.tsx');
const mail = () => import('./mail/list-page.tsx');
const log = () => import('./system-log/list-page.tsx');
const traces = {
  list: () => import('./sign-in-traces/list-page.tsx'),
  detail: () => import('./sign-in-traces/detail-page.tsx'),
};

const routes = [
  createRoute({ getParentRoute: parent, path: '/', component: lazyRouteComponent(dashboard, 'DashboardPage') }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/people',
    component: lazyRouteComponent(people.list, 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/people/new',
    component: lazyRouteComponent(people.add, 'AddPersonPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/people/import',
    component: lazyRouteComponent(imports.list, 'ImportsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/people/import/$id',
    component: lazyRouteComponent(imports.detail, 'ImportPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/people/$id',
    component: lazyRouteComponent(people.detail, 'PersonPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/groups',
    component: lazyRouteComponent(groups.list, 'GroupsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/groups/rules',
    component: lazyRouteComponent(groupRules.list, 'GroupRulesPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/groups/rules/new',
    component: lazyRouteComponent(groupRules.form, 'AddGroupRulePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/groups/rules/$id',
    component: lazyRouteComponent(groupRules.form, 'GroupRulePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/groups/$id',
    component: lazyRouteComponent(groups.detail, 'GroupPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/profile-editor',
    component: lazyRouteComponent(profiles.list, 'ProfilesPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/directory/profile-editor/$id',
    component: lazyRouteComponent(profiles.detail, 'ProfilePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/applications',
    component: lazyRouteComponent(applications.list, 'ApplicationsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/applications/new',
    component: lazyRouteComponent(applications.add, 'AddApplicationPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/applications/$id',
    component: lazyRouteComponent(applications.detail, 'ApplicationPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers',
    component: lazyRouteComponent(providers.list, 'IdentityProvidersPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/new',
    component: lazyRouteComponent(providers.choose, 'ProviderTypePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/new/oidc',
    component: lazyRouteComponent(providers.add, 'AddOidcProviderPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/new/saml',
    component: lazyRouteComponent(providers.addSaml, 'AddSamlProviderPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/routing-rules',
    component: lazyRouteComponent(rules.list, 'RoutingRulesPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/routing-rules/new',
    component: lazyRouteComponent(rules.form, 'AddRoutingRulePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/routing-rules/$id',
    component: lazyRouteComponent(rules.form, 'EditRoutingRulePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/identity-providers/$id',
    component: lazyRouteComponent(providers.detail, 'IdentityProviderPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/networks',
    component: lazyRouteComponent(zones.list, 'NetworksPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/networks/new',
    component: lazyRouteComponent(zones.form, 'AddZonePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/networks/$id',
    component: lazyRouteComponent(zones.form, 'ZonePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/security/api',
    component: lazyRouteComponent(tokens, 'ApiTokensPage'),
  }),
  createRoute({ getParentRoute: parent, path: '/reports/jobs', component: lazyRouteComponent(jobs, 'JobsPage') }),
  createRoute({ getParentRoute: parent, path: '/reports/mail', component: lazyRouteComponent(mail, 'MailPage') }),
  createRoute({
    getParentRoute: parent,
    path: '/workflow/event-hooks',
    component: lazyRouteComponent(hooks.list, 'EventHooksPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/workflow/event-hooks/new',
    component: lazyRouteComponent(hooks.form, 'AddEventHookPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/workflow/event-hooks/$id',
    component: lazyRouteComponent(hooks.form, 'EventHookPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/reports/system-log',
    component: lazyRouteComponent(log, 'SystemLogPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/reports/sign-in-traces',
    component: lazyRouteComponent(traces.list, 'SignInTracesPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/reports/sign-in-traces/$id',
    component: lazyRouteComponent(traces.detail, 'SignInTracePage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/admin',
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: PageMissing,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
