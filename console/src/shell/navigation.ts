/** The console's map: the guides' sections with the entries that have a screen. The side navigation and the palette read it. */
import {
  type Icon,
  IconApps,
  IconArrowsSplit2,
  IconFileText,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconMail,
  IconNetwork,
  IconPlugConnected,
  IconProgress,
  IconRoute,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from '@tabler/icons-react';
import type { LabelKey } from '../labels.ts';

export interface Entry {
  label: string;
  to: string;
  icon: Icon;
  words?: string[];
}

export interface Section {
  /** The Dashboard stands alone, without a heading. */
  label: string | null;
  entries: Entry[];
}

export const SECTIONS: Section[] = [
  { label: null, entries: [{ label: 'Dashboard', to: '/', icon: IconLayoutDashboard }] },
  {
    label: 'Directory',
    entries: [
      { label: 'People', to: '/directory/people', icon: IconUsers, words: ['users', 'persons'] },
      { label: 'Groups', to: '/directory/groups', icon: IconUsersGroup },
      {
        label: 'Profile Editor',
        to: '/directory/profile-editor',
        icon: IconListDetails,
        words: ['attributes', 'schema'],
      },
    ],
  },
  {
    label: 'Applications',
    entries: [{ label: 'Applications', to: '/applications', icon: IconApps, words: ['clients', 'relying parties'] }],
  },
  {
    label: 'Security',
    entries: [
      {
        label: 'Identity Providers',
        to: '/security/identity-providers',
        icon: IconPlugConnected,
        words: ['IdP', 'federation'],
      },
      { label: 'Networks', to: '/security/networks', icon: IconNetwork, words: ['zones', 'IP', 'blocklist'] },
      { label: 'API', to: '/security/api', icon: IconKey, words: ['tokens'] },
    ],
  },
  {
    label: 'Workflow',
    entries: [{ label: 'Event Hooks', to: '/workflow/event-hooks', icon: IconWebhook, words: ['webhooks', 'events'] }],
  },
  {
    label: 'Reports',
    entries: [
      { label: 'System Log', to: '/reports/system-log', icon: IconFileText, words: ['events', 'audit'] },
      { label: 'Jobs', to: '/reports/jobs', icon: IconProgress, words: ['progress', 'long work', 'background'] },
      {
        label: 'Mail outbox',
        to: '/reports/mail',
        icon: IconMail,
        words: ['messages', 'e-mail', 'activation', 'SMTP'],
      },
      { label: 'Sign-in traces', to: '/reports/sign-in-traces', icon: IconRoute, words: ['troubleshooting', 'trace'] },
    ],
  },
];

/** Screens that the palette reaches but the side does not list. */
export const FURTHER: Entry[] = [
  { label: 'Routing Rules', to: '/security/identity-providers/routing-rules', icon: IconArrowsSplit2 },
];

/** What can be begun from anywhere. */
export const BEGINNINGS: { label: LabelKey; to: string }[] = [
  { label: 'addIdentityProvider', to: '/security/identity-providers/new' },
  { label: 'addRoutingRule', to: '/security/identity-providers/routing-rules/new' },
  { label: 'addZone', to: '/security/networks/new' },
  { label: 'createEventHook', to: '/workflow/event-hooks/new' },
  { label: 'addPerson', to: '/directory/people/new' },
  { label: 'importFromCsv', to: '/directory/people/import' },
  { label: 'createAppIntegration', to: '/applications/new' },
];
