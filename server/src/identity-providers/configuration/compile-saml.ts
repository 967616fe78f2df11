/** From a stored SAML provider and its keys to the connector's settings; key objects are made once, not per sign-in. */
import { createPrivateKey } from 'node:crypto';
import { readCertificate, type TrustedCertificate } from '../../protocol/saml/index.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { signingKeyPlace } from '../keys/create.ts';
import { trustedKids } from '../keys/service.ts';
import type { SigningKey, TrustKey } from '../keys/store.ts';
import type { IdpPolicy } from '../policy.ts';
import type { SamlProtocolConfig } from '../saml/schema.ts';
import type { SamlSettings } from '../saml/settings.ts';
import type { StoredIdentityProvider } from '../store.ts';

export function compileSamlSettings(
  stored: StoredIdentityProvider,
  protocol: SamlProtocolConfig,
  policy: IdpPolicy,
  box: SecretBox,
  keys: { trust: readonly TrustKey[]; signing: readonly SigningKey[] },
): SamlSettings {
  const { endpoints, algorithms, settings, credentials } = protocol;
  const { trust, signing } = credentials;
  const trusted = trustedKids(protocol);
  const own = keys.signing
    .filter(({ idpId }) => idpId === stored.id)
    .map(({ kid, privateSealed }) => ({
      kid,
      privateKey: createPrivateKey(box.open(privateSealed, signingKeyPlace(stored.id, kid))),
    }));
  const { scope } = algorithms.response.signature;
  return {
    orgId: stored.orgId,
    idpId: stored.id,
    issuer: trust.issuer,
    audience: trust.audience,
    ssoUrl: endpoints.sso.url,
    ssoBinding: endpoints.sso.binding,
    destination: endpoints.sso.destination,
    slo: settings.participateSlo ? (endpoints.slo ?? null) : null,
    acsType: endpoints.acs.type,
    nameFormat: settings.nameFormat,
    honorPersistentNameId: settings.honorPersistentNameId,
    signingKey:
      algorithms.request.signature.scope === 'NONE' ? null : (own.find(({ kid }) => kid === signing.kid) ?? null),
    signatureScope: scope === 'ASSERTION' ? 'TOKEN' : scope,
    certificates: keys.trust.filter(({ kid }) => trusted.includes(kid)).flatMap(certificateOf),
    decryptionKeys: own,
    allowCbc: settings.allowCbc,
    requireEncryptedAssertion: settings.requireEncryptedAssertion,
    allowUnsolicited: settings.allowUnsolicited,
    requestedAuthnContexts: settings.requestedAuthnContexts,
    authnContextComparison: settings.authnContextComparison,
    maxClockSkewSeconds: policy.maxClockSkewSeconds,
    groupsAttribute: policy.provisioning.groups.sourceAttributeName ?? 'groups',
    sendApplicationContext: settings.sendApplicationContext,
    relayStateFormat: protocol.relayState?.format ?? 'OPAQUE',
  };
}

function certificateOf({ kid, certificate }: TrustKey): TrustedCertificate[] {
  const facts = readCertificate(certificate);
  return facts === null
    ? []
    : [{ kid, publicKey: facts.publicKey, notBefore: facts.notBefore, notAfter: facts.notAfter }];
}
