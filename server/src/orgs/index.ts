/**
 * orgs: the org, the one place where a host name becomes an org, and the compiled configuration's version. It is not the org's
 * directory or its providers. Level 2.
 */
export { CONFIGURATION_CHANNEL, type Configuration, createConfiguration, type Slice } from './configuration.ts';
export { type OrgWire, orgRoutes } from './routes.ts';
export { createOrgs, type Orgs } from './service.ts';
export type { OrgSettingsWire } from './settings-routes.ts';
export { type Org, type OrgSettings, type RateLimits, rateLimitsOf } from './store.ts';
