/** What each fault changes in the draft of a Response; a fault of the other protocol changes nothing. */
import { randomBytes } from 'node:crypto';
import type { ChosenFault, FaultName } from '../../faults/table.ts';
import type { SamlKeys } from '../keys.ts';
import type { ResponseDraft, Status } from './response.ts';

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:';

/** The person pressed Deny (contract: providers §2.5). */
export const NOT_CONSENTED: Status = {
  code: `${STATUS}Responder`,
  subcode: `${STATUS}AuthnFailed`,
  message: 'Subject did not consent to attribute release',
};
export const NO_AUTHN_CONTEXT: Status = { code: `${STATUS}Requester`, subcode: `${STATUS}NoAuthnContext` };
export const NO_PASSIVE: Status = { code: `${STATUS}Responder`, subcode: `${STATUS}NoPassive` };

export const newId = () => `_${randomBytes(16).toString('hex')}`;

type Change = Partial<ResponseDraft>;
type Play = (draft: ResponseDraft, parameter: string, keys: SamlKeys) => Change | Promise<Change>;

const PLAYS: Partial<Record<FaultName, Play>> = {
  saml_unsigned_assertion: () => ({ signs: 'nothing' }),
  saml_cert_rotated: async (_draft, _parameter, keys) => ({ key: await keys.stranger() }),
  two_certs_in_metadata: async (_draft, _parameter, keys) => ({ key: await keys.rotate() }),
  saml_wrong_audience: () => ({ audience: 'https://another.test/sp' }),
  wrong_recipient: () => ({ recipient: 'https://another.test/acs' }),
  wrong_destination: () => ({ destination: 'https://another.test/acs' }),
  saml_wrong_issuer: ({ issuer }) => ({ issuer: `https://${issuer}` }),
  saml_status_not_success_with_assertion: () => ({ status: { code: `${STATUS}Responder` } }),
  saml_user_denied: () => ({ status: NOT_CONSENTED, withAssertion: false }),
  saml_encrypted_unknown_key: async ({ encryption }, _parameter, keys) => ({
    encryption: { name: encryption?.name ?? 'aes256-cbc', certificate: (await keys.stranger()).certificate },
  }),
  not_encrypted: () => ({ encryption: null }),
  unsolicited: () => ({ inResponseTo: null }),
  in_response_to: () => ({ inResponseTo: newId() }),
  saml_lower_authn_context: () => ({ authnContext: 'http://idmanagement.gov/ns/assurance/loa/1' }),
  saml_sha1: () => ({ algorithm: 'sha1' }),
  scope_silently_no_claims: () => ({ attributes: [] }),
  missing_claim: ({ attributes }, name) => ({ attributes: attributes.filter((attribute) => attribute.name !== name) }),
  null_attribute: ({ attributes }, name) => ({
    attributes: attributes.map((attribute) => (attribute.name === name ? { ...attribute, values: null } : attribute)),
  }),
  clock_skew_past: ({ now }, seconds) => ({ now: shifted(now, -Number(seconds)) }),
  clock_skew_future: ({ now }, seconds) => ({ now: shifted(now, Number(seconds)) }),
};

export async function played(draft: ResponseDraft, chosen: ChosenFault | null, keys: SamlKeys): Promise<ResponseDraft> {
  if (chosen === null) return draft;
  return { ...draft, ...(await PLAYS[chosen.fault]?.(draft, chosen.parameter ?? '', keys)) };
}

const shifted = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1_000);
