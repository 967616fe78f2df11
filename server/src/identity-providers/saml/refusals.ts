/** Why a SAML sign-in ends, in the contract's words for the log (§11.6) and with what to do about it. */
import type { SamlFailure } from '../../protocol/saml/index.ts';
import { PRODUCT } from '../../shared/product.ts';
import { err } from '../../shared/result.ts';
import type { Refusal } from '../connector.ts';

const FAILED = { error: 'access_denied', description: 'Login failed.' };
const CANCELED = { error: 'access_denied', description: 'User canceled the social login request.' };

const HINTS: Readonly<Record<string, string>> = {
  saml_signature_invalid:
    "Compare the certificate in the provider's metadata with those of this identity provider: it may have been renewed.",
  saml_signature_missing:
    'Ask the provider to sign its assertions, or compare the response signature scope of this identity provider.',
  saml_signature_sha1: 'Ask the provider to sign with SHA-256.',
  saml_certificate_missing: "Add the provider's signing certificate.",
  saml_certificate_expired: "Add the provider's current signing certificate; its metadata has it.",
  saml_undecryptable:
    'Give the provider the current metadata of this identity provider, so that it encrypts for the right certificate.',
  saml_not_encrypted:
    "Give the provider this identity provider's metadata, so that it can encrypt, or switch the requirement off.",
  saml_encryption_algorithm:
    'Ask the provider for AES-GCM and RSA-OAEP, or allow AES-CBC in the settings of this identity provider.',
  saml_issuer: 'Write the IdP Issuer URI exactly as the provider sends it.',
  saml_audience: 'Give the provider the Audience URI of this identity provider exactly as it is shown.',
  saml_destination: 'Give the provider the Assertion Consumer Service URL exactly as it is shown.',
  saml_recipient: 'Give the provider the Assertion Consumer Service URL exactly as it is shown.',
  saml_expired: "Compare the clocks of both sides; the identity provider's clock skew can be raised to 3 minutes.",
  saml_not_yet_valid:
    "Compare the clocks of both sides; the identity provider's clock skew can be raised to 3 minutes.",
  saml_authn_context:
    'The person signed in at a lower level than was asked for: compare the AuthnContext with what the provider offers.',
  saml_unsolicited: 'Start the sign-in at this hub, or allow sign-ins that begin at the provider in its settings.',
  saml_in_response_to:
    'Start the sign-in again from the application; an answer works once, in the browser that asked for it.',
};

/** As for a provider's own word; `id` is the response's or the assertion's. */
export function refuseAs(code: string, reason: string, id: string | null = null): { ok: false; error: Refusal } {
  const hint = HINTS[code];
  return err({
    code,
    reason: `Unable to validate incoming SAML Assertion: [${idShown(id)}] - ${reason}`,
    ...(hint !== undefined && { hint }),
    client: { ...FAILED },
    recoverable: false,
  });
}

const idShown = (id: string | null) => (id ?? 'unknown').replace(/[^\w.-]/g, '?').slice(0, 100);

const DENIED = ['AuthnFailed', 'RequestDenied'];

export function refuseFailure({ code, reason, id, status }: SamlFailure): { ok: false; error: Refusal } {
  if (status !== undefined && isRefusalByPerson(status)) {
    return err({
      code: 'user_canceled_request',
      reason: `The person did not agree at the provider. ${reason}`,
      client: { ...CANCELED },
      recoverable: true,
    });
  }
  if (code === 'saml_in_response_to') {
    const refused = refuseAs(code, reason, id);
    return err({
      ...refused.error,
      reason: `Unable to validate SAML Response [${idShown(id)}] - 'InResponseTo' does not match the ID of a SAML authentication request sent from ${PRODUCT}. ${reason}`,
    });
  }
  return refuseAs(code, reason, id);
}

/** ID.me's words for "no" (providers contract §2.5); other providers use the standard's second status. */
function isRefusalByPerson({ code, subcode, message }: NonNullable<SamlFailure['status']>): boolean {
  if (/did not consent|denied|cancel/i.test(message ?? '')) return true;
  return DENIED.includes(subcode ?? code);
}
