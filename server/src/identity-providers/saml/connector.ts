/**
 * The SAML 2.0 connector: sends an AuthnRequest and makes an identity of a verified assertion. It proves who the provider says the person
 * is; whose account that is, is decided elsewhere.
 */
import {
  buildAuthnRequest,
  newMessageId,
  PERSISTENT,
  type SamlFailure,
  toForm,
  toRedirect,
  type VerifiedAssertion,
  verifyResponse,
} from '../../protocol/saml/index.ts';
import { isObject, type Json } from '../../shared/json.ts';
import { ok, type Result } from '../../shared/result.ts';
import type {
  Begun,
  Connector,
  ExternalIdentity,
  FinishContext,
  Incoming,
  Refusal,
  SignInStart,
} from '../connector.ts';
import { claimsOf, groupsIn } from './claims.ts';
import { createLogout } from './logout.ts';
import { refuseAs, refuseFailure } from './refusals.ts';
import { acsUrl, type SamlSettings } from './settings.ts';

export interface SamlDeps {
  /** Called with the hub's key that an assertion was decrypted with. */
  keyUsed(orgId: string, idpId: string, kid: string): void;
}

interface Remembered {
  requestId: string;
  acsUrl: string;
  authnContexts: string[];
}

export function createSamlConnector(settings: SamlSettings, deps: SamlDeps): Connector {
  const logout = createLogout(settings);
  return {
    ...(logout !== null && { logout }),
    begin: async (start) => begin(settings, start),
    finish: (incoming, remembered, context) => finish(settings, deps, incoming, readRemembered(remembered), context),
  };
}

function begin(settings: SamlSettings, start: SignInStart): Begun {
  const id = newMessageId();
  const returnsTo = acsUrl(start.baseUrl, settings);
  const asked = contextsAsked(settings, start.acrValues);
  const document = buildAuthnRequest({
    id,
    issuer: settings.audience,
    destination: settings.destination,
    acsUrl: returnsTo,
    issued: start.now,
    nameFormat: settings.nameFormat,
    forceAuthn: start.prompt === 'login' || start.maxAge === 0,
    authnContexts: asked.inRequest,
    comparison: settings.authnContextComparison,
    application: settings.sendApplicationContext ? (start.application ?? null) : null,
  });
  const privateKey = settings.signingKey?.privateKey ?? null;
  const remember: Remembered = { requestId: id, acsUrl: returnsTo, authnContexts: asked.expected };
  const sent = { returnsTo, remember: remember as unknown as Json };
  if (settings.ssoBinding === 'HTTP-POST') {
    const fields = { SAMLRequest: toForm(document, privateKey), RelayState: start.state };
    return { ...sent, outgoing: { kind: 'form', action: settings.ssoUrl, fields } };
  }
  const of = { parameter: 'SAMLRequest', endpoint: settings.ssoUrl, relayState: start.state } as const;
  return { ...sent, outgoing: { kind: 'redirect', url: toRedirect(document, of, privateKey) } };
}

/**
 * What is asked of the provider, and which of it must come back. `acr_values` travel through the browser, so they may choose among what the
 * settings name, and never ask for less. Only "exact" says what must come back, the other comparisons leave the judgement to the provider.
 */
function contextsAsked(
  settings: SamlSettings,
  acrValues: string | undefined,
): { inRequest: string[]; expected: string[] } {
  const { requestedAuthnContexts: configured, authnContextComparison: comparison } = settings;
  const wanted = acrValues?.split(' ').filter((value) => value !== '') ?? [];
  if (configured.length > 0) {
    const chosen = wanted.filter((value) => configured.includes(value));
    const inRequest = chosen.length > 0 ? chosen : configured;
    return { inRequest, expected: comparison === 'exact' ? inRequest : [] };
  }
  const inAddress = contextInAddress(settings);
  if (inAddress.length > 0) return { inRequest: [], expected: inAddress };
  return { inRequest: wanted, expected: comparison === 'exact' ? wanted : [] };
}

/** ID.me takes the context from the address (providers contract §2.5): what stands there counts as asked. */
function contextInAddress({ ssoUrl }: SamlSettings): string[] {
  const context = URL.parse(ssoUrl)?.searchParams.get('AuthnContext') ?? '';
  return /^[a-z][a-z\d+.-]*:/i.test(context) ? [context] : [];
}

/** Where nobody was sent, the provider must still reach the level that a request would have asked for. */
const contextsUnasked = (settings: SamlSettings): string[] =>
  settings.requestedAuthnContexts.length > 0 ? settings.requestedAuthnContexts : contextInAddress(settings);

function readRemembered(sealed: Json | null): Remembered | null {
  if (!isObject(sealed)) return null;
  const { requestId, acsUrl, authnContexts } = sealed;
  const fits = typeof requestId === 'string' && typeof acsUrl === 'string' && Array.isArray(authnContexts);
  return fits && authnContexts.every((item) => typeof item === 'string')
    ? { requestId, acsUrl, authnContexts: authnContexts as string[] }
    : null;
}

async function finish(
  settings: SamlSettings,
  deps: SamlDeps,
  incoming: Incoming,
  remembered: Remembered | null,
  context: FinishContext,
): Promise<Result<ExternalIdentity, Refusal>> {
  const { trace } = context;
  const messages = incoming.params.getAll('SAMLResponse');
  const unsolicited = remembered === null;
  if (unsolicited && !settings.allowUnsolicited)
    return failed(
      trace,
      refuseAs(
        'saml_unsolicited',
        'Nobody was sent to the provider for this response, and the identity provider does not allow sign-ins that begin there.',
      ),
    );
  if (messages.length !== 1)
    return failed(
      trace,
      refuseAs('saml_message_missing', `The answer holds ${messages.length} SAML responses; exactly one is expected.`),
    );
  const result = await verifyResponse(messages[0]!, {
    issuer: settings.issuer,
    audience: settings.audience,
    acsUrl: remembered?.acsUrl ?? acsUrl(context.baseUrl, settings),
    certificates: settings.certificates,
    signatureScope: settings.signatureScope,
    decryptionKeys: settings.decryptionKeys,
    allowCbc: settings.allowCbc,
    requestId: remembered?.requestId ?? null,
    authnContexts: remembered?.authnContexts ?? contextsUnasked(settings),
    now: context.now,
    maxClockSkewSeconds: settings.maxClockSkewSeconds,
  });
  if (!result.ok) return failed(trace, refuseFailure(result.error), result.error);
  const assertion = result.value;
  const { evidence } = assertion;
  if (settings.requireEncryptedAssertion && evidence.decryptionKid === null)
    return failed(
      trace,
      refuseAs(
        'saml_not_encrypted',
        'The assertion is not encrypted; this identity provider is configured so that it must be.',
        assertion.assertionId,
      ),
    );
  if (evidence.decryptionKid !== null) deps.keyUsed(settings.orgId, settings.idpId, evidence.decryptionKid);
  return ok(identityOf(settings, assertion, trace));
}

function failed(
  trace: FinishContext['trace'],
  refusal: { ok: false; error: Refusal },
  failure?: SamlFailure,
): Result<never, Refusal> {
  const { code, reason } = refusal.error;
  trace.step({
    kind: 'identity.checked',
    outcome: 'FAILED',
    code,
    detail: [
      ...(failure?.id == null ? [] : [{ label: 'Message', received: failure.id.slice(0, 200) }]),
      { label: 'Reason', made: reason },
    ],
  });
  return refusal;
}

function identityOf(
  settings: SamlSettings,
  assertion: VerifiedAssertion,
  trace: FinishContext['trace'],
): ExternalIdentity {
  const { nameId, evidence, assertionId, issuer } = assertion;
  const { claims, dropped } = claimsOf(assertion);
  const groups = groupsIn(assertion, settings.groupsAttribute);
  trace.step({
    kind: 'provider.returned',
    outcome: 'PASSED',
    detail: [
      { label: 'Response', received: assertion.responseId },
      { label: 'Assertion', received: assertionId },
      { label: 'Issuer', received: issuer },
    ],
  });
  trace.step({
    kind: 'identity.checked',
    outcome: dropped.length > 0 ? 'CHANGED' : 'PASSED',
    detail: [
      {
        label: 'Signature',
        made: `${evidence.signed.join(' and ')} by ${evidence.certificateKid}, ${shortName(evidence.signatureAlgorithm)}`,
      },
      ...(evidence.encryptionAlgorithm === null
        ? []
        : [
            {
              label: 'Encryption',
              made: `${shortName(evidence.encryptionAlgorithm)}, decrypted with ${evidence.decryptionKid}`,
            },
          ]),
      { label: 'AuthnContext', received: assertion.authnContextClassRef },
      { label: 'NameID format', received: nameId.format },
      { label: 'Attributes', received: assertion.attributes.map(({ name }) => name) },
      ...(dropped.length > 0 ? [{ label: 'Left out', made: dropped }] : []),
    ],
  });
  const persistent = settings.honorPersistentNameId && nameId.format === PERSISTENT;
  return {
    subject: nameId.value,
    subjectFormat: persistent ? 'persistent' : formatOf(nameId.format),
    issuer,
    claims,
    emailVerified: null,
    ...(groups !== null && { groups }),
    assurance: {
      ...(assertion.authnContextClassRef !== null && { acr: assertion.authnContextClassRef }),
      authTime: Math.floor(assertion.authnInstant.getTime() / 1000),
    },
    ...(assertion.attributes.length === 0 && { silence: SILENCE }),
    logout: {
      nameId: nameId.value,
      format: nameId.format,
      nameQualifier: nameId.nameQualifier,
      spNameQualifier: nameId.spNameQualifier,
      sessionIndex: assertion.sessionIndex,
    },
    once: [{ key: `saml:${settings.idpId}:${assertionId}`, until: assertion.expires }],
  };
}

const SILENCE = {
  reason: 'The provider released no attributes about the person.',
  hint: 'Ask the provider which attributes it releases to this service provider.',
};

const shortName = (uri: string) => uri.slice(uri.lastIndexOf('#') + 1);

/** A persistent NameID that the settings do not honour is as good as an unspecified one: it is matched anew each time (contract §2.5). */
function formatOf(format: string | null): ExternalIdentity['subjectFormat'] {
  if (format?.endsWith(':emailAddress')) return 'emailAddress';
  return format?.endsWith(':transient') ? 'transient' : 'unspecified';
}
