/** The browser tests in the order in which they run. */
import type { Spec } from '../spec.ts';
import { consolePages } from './console-pages.ts';
import { eventHooks } from './event-hooks.ts';
import { groupRules } from './group-rules.ts';
import { idmeGuide } from './idme-guide/index.ts';
import { idmeSamlGuide } from './idme-saml-guide/index.ts';
import { importFromCsv } from './import.ts';
import { networks } from './networks.ts';
import { ownPassword } from './own-password.ts';
import { profileEditor } from './profile-editor.ts';
import { routingByPerson } from './routing-by-person.ts';
import { seldomPages } from './seldom-pages.ts';
import { troubleshooting } from './troubleshooting.ts';
import { waysIn } from './ways-in.ts';

export const specs: readonly Spec[] = [
  idmeGuide,
  troubleshooting,
  waysIn,
  seldomPages,
  consolePages,
  networks,
  eventHooks,
  groupRules,
  profileEditor,
  routingByPerson,
  ownPassword,
  importFromCsv,
  idmeSamlGuide,
];
