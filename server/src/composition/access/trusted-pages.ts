/** Whose pages may call with a person's cookie. */
import type { TrustedPages } from '../../http/index.ts';
import type { Modules } from '../modules.ts';

/** Pages that may call with a person's session: trusted origins, and those of redirect URIs (rulings 29). */
export async function trustedPages(
  { trustedOrigins, applications }: Pick<Modules, 'trustedOrigins' | 'applications'>,
  orgId: string,
): Promise<TrustedPages> {
  const trusted = await trustedOrigins.withCredentials(orgId);
  const registered = await applications.origins(orgId);
  return { has: (origin) => trusted.has(origin) || registered.has(origin) };
}
