/** English texts of the dashboard. */
export const texts = {
  title: 'Dashboard',
  sentence: 'How signing in goes, and what is still to be set up.',
  counts: { people: 'People', groups: 'Groups', applications: 'Applications', providers: 'Identity Providers' },
  failed: 'Last failed sign-ins',
  noneFailed: 'No sign-in has failed.',
  succeeded: 'Last successful sign-ins',
  noneSucceeded: 'Nobody has signed in yet.',
  all: 'All',
  setup: {
    title: 'Setting up',
    sentence: 'Three things make a first sign-in possible.',
    done: 'Done',
    open: 'To do',
    steps: {
      provider: { title: 'Add an identity provider', sentence: 'Who your people prove themselves to.' },
      rule: {
        title: 'Add and activate a routing rule',
        sentence: 'So that the provider is offered on the sign-in page.',
      },
      application: { title: 'Create an app integration', sentence: 'So that an application can send people here.' },
    },
  },
};
