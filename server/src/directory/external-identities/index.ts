/**
 * directory/external-identities: which identity at which provider is which user; the key is (provider, issuer, subject). It is not the
 * decision to link (sign-in) nor the providers themselves. Level 3.
 */
export { externalIdentityRoutes } from './routes.ts';
export type { ExternalIdentity, LinkWire } from './schema.ts';
export {
  createExternalIdentities,
  type ExternalIdentities,
  type ExternalIdentitiesDeps,
  type LinkedProvider,
} from './service.ts';
