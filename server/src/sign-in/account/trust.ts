/** Whether a match by e-mail may be believed (security.md §4.2, points 3-5; rulings 17). */
import type { IdpPolicy } from '../../identity-providers/index.ts';
import type { Candidate } from './decide.ts';

export interface MatchTrust {
  verdict: 'trusted' | 'refuse' | 'no-match';
  code: string;
  reason: string;
  /** The match rests on an address that the provider asserted, not on an identifier of another kind. */
  emailDecides: boolean;
  despiteClaim: boolean;
}

interface TrustInput {
  policy: IdpPolicy;
  identity: { emailKey: string | null; emailVerified: boolean | null };
  /** The canonical transformed user name. */
  key: string;
  user: Candidate;
}

export function trustOf({ policy, identity, key, user }: TrustInput): MatchTrust {
  const trusted: MatchTrust = { verdict: 'trusted', code: '', reason: '', emailDecides: false, despiteClaim: false };
  const matchedByEmail = policy.subject.matchType !== 'USERNAME' && user.emailKey === key && user.loginKey !== key;
  const address = matchedByEmail || identity.emailKey === key || key.includes('@');
  if (!address) return trusted;

  const claimed = identity.emailKey === key ? identity.emailVerified : null;
  const domain = key.slice(key.lastIndexOf('@') + 1);
  const result = (verdict: MatchTrust['verdict'], code: string, reason: string): MatchTrust => ({
    verdict,
    code,
    reason,
    emailDecides: true,
    despiteClaim: false,
  });

  if (
    policy.trustedDomains.length > 0 &&
    !policy.trustedDomains.some((trustedDomain) => trustedDomain.toLowerCase() === domain)
  ) {
    return result(
      'no-match',
      'email_domain_not_trusted',
      `the domain "${domain}" is not among the provider's trusted domains`,
    );
  }
  if (policy.trustEmail === 'PROVIDER_DESPITE_CLAIM')
    return { ...result('trusted', '', ''), despiteClaim: claimed === false };
  if (claimed === false)
    return result('refuse', 'link_denied_email_unverified', 'the provider says email_verified: false for this address');
  if (policy.trustEmail === 'VERIFIED_CLAIM' && claimed !== true) {
    return result(
      'refuse',
      'link_denied_email_unverified',
      'the provider did not say email_verified: true, which this identity provider requires (trustEmail: VERIFIED_CLAIM)',
    );
  }
  if (policy.trustEmail === 'DOMAINS' && policy.trustedDomains.length === 0) {
    return result(
      'no-match',
      'email_domain_not_trusted',
      'trustEmail is DOMAINS and the list of trusted domains is empty',
    );
  }
  return result('trusted', '', '');
}
