/** Single logout with a SAML provider (SAML profiles §4.4): asked of it, and asked by it. */
import {
  buildLogoutRequest,
  buildLogoutResponse,
  newMessageId,
  toForm,
  toRedirect,
  verifyPostedLogout,
  verifyRedirectedLogout,
} from '../../protocol/saml/index.ts';
import { ok } from '../../shared/result.ts';
import type { CanLogOut, Outgoing } from '../connector.ts';
import { refuseFailure } from './refusals.ts';
import { type SamlSettings, sloUrl } from './settings.ts';

const MAX_RELAY_STATE = 80;

type Document = ReturnType<typeof buildLogoutRequest>;

/** null where the provider takes no part, or nothing could be signed: an unsigned logout message is worth nothing. */
export function createLogout(settings: SamlSettings): CanLogOut | null {
  const { slo, signingKey } = settings;
  if (slo === null || signingKey === null) return null;
  const { privateKey } = signingKey;
  const head = (now: Date) => ({ id: newMessageId(), issuer: settings.audience, destination: slo.url, issued: now });
  const send = (document: Document, parameter: 'SAMLRequest' | 'SAMLResponse', relayState: string | null): Outgoing => {
    if (slo.binding === 'HTTP-REDIRECT')
      return { kind: 'redirect', url: toRedirect(document, { parameter, endpoint: slo.url, relayState }, privateKey) };
    const fields = {
      [parameter]: toForm(document, privateKey),
      ...(relayState !== null && { RelayState: relayState }),
    };
    return { kind: 'form', action: slo.url, fields };
  };
  return {
    begin: ({ handle, now }) => send(buildLogoutRequest(head(now), handle), 'SAMLRequest', null),
    receive({ baseUrl, now, form, query }) {
      const { issuer, certificates, maxClockSkewSeconds } = settings;
      const expected = { issuer, certificates, maxClockSkewSeconds, url: sloUrl(baseUrl, settings.idpId), now };
      const read =
        form === null
          ? verifyRedirectedLogout(query, expected)
          : verifyPostedLogout(form.get('SAMLRequest') ?? '', expected);
      if (!read.ok) return refuseFailure(read.error);
      const { id, nameId, sessionIndexes, expires } = read.value;
      return ok({
        nameId,
        sessionIndexes,
        once: { key: `saml:${settings.idpId}:${id}`, until: expires },
        answer: send(
          buildLogoutResponse(head(now), id),
          'SAMLResponse',
          relayStateOf(form ?? new URLSearchParams(query)),
        ),
      });
    },
  };
}

/** Given back as it came, within the standard's 80 bytes (bindings §3.4.3); a longer one is left out. */
function relayStateOf(params: URLSearchParams): string | null {
  const relayState = params.get('RelayState');
  return relayState !== null && Buffer.byteLength(relayState) <= MAX_RELAY_STATE ? relayState : null;
}
