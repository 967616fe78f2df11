/**
 * composition: the modules made and introduced to each other, the first start, and what happens by the calendar. It has no rule of its own;
 * app.ts mounts what it makes. Level 6.
 */

export { accessTokens } from './access/access-tokens.ts';
export { createGuardedProviders } from './access/guarded-providers.ts';
export { trustedPages } from './access/trusted-pages.ts';
export { clientsOf } from './clients.ts';
export { prepareOrg } from './first-start.ts';
export { startHouseJobs } from './jobs.ts';
export { createModules, type Ground, type Modules } from './modules.ts';
export { rewrapSecrets } from './rewrap.ts';
