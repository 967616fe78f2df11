/**
 * The OpenID Connect connector: authorization code flow with explicit endpoints. It proves who the provider says the person is; whose
 * account that is, is decided elsewhere.
 */
import type { Egress } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Connector, ExternalIdentity, FinishContext, Incoming, Refusal } from '../connector.ts';
import { beginAuthorization, readRemembered } from './authorization-request.ts';
import { readAuthorizationResponse } from './authorization-response.ts';
import { assuranceOf, emailVerified, groupsOf, keepClaims, mergeClaims, saysNothing } from './claims.ts';
import type { ClientKeys } from './client-authentication.ts';
import { type VerifiedIdToken, verifyIdToken } from './id-token.ts';
import type { KeySets } from './key-sets.ts';
import { oneLine, quote, refuse } from './refusals.ts';
import type { OidcSettings } from './settings.ts';
import { redeemCode } from './token-request.ts';
import { fetchUserInfo } from './userinfo.ts';

export interface OidcDeps {
  egress: Egress;
  keySets: KeySets;
  clientKeys: ClientKeys;
}

export function createOidcConnector(settings: OidcSettings, deps: OidcDeps): Connector {
  return {
    begin: async (start) => beginAuthorization(settings, start),
    finish: (incoming, remembered, context) => finish(settings, deps, incoming, remembered, context),
  };
}

async function finish(
  settings: OidcSettings,
  { egress, keySets, clientKeys }: OidcDeps,
  incoming: Incoming,
  sealed: Json | null,
  { now, trace }: FinishContext,
): Promise<Result<ExternalIdentity, Refusal>> {
  const remembered = readRemembered(sealed);
  if (remembered === null) return refuse('invalid_social_state', 'Nobody was sent to the provider for this answer.');

  const code = readAuthorizationResponse(incoming.params, settings, remembered.redirectUri);
  trace.step({
    kind: 'provider.returned',
    outcome: code.ok ? 'PASSED' : 'FAILED',
    ...(!code.ok && { code: code.error.code }),
    detail: [
      {
        label: 'Parameters',
        received: parameterNames(incoming.params),
      },
      ...incoming.params
        .getAll('iss')
        .slice(0, 1)
        .map((iss) => ({ label: 'Issuer parameter', received: quote(iss) })),
      ...(code.ok ? [] : [{ label: 'Reason', made: code.error.reason }]),
    ],
  });
  if (!code.ok) return code;

  const tokens = await redeemCode(settings, code.value, remembered, { egress, clientKeys, now, trace });
  if (!tokens.ok) return tokens;

  const idToken = await verifyIdToken(tokens.value, { settings, remembered, code: code.value, now, keySets });
  if (!idToken.ok) {
    const { code: failure, reason } = idToken.error;
    trace.step({
      kind: 'identity.checked',
      outcome: 'FAILED',
      code: failure,
      detail: [{ label: 'Reason', made: reason }],
    });
    return idToken;
  }
  let userInfo: Record<string, unknown> | null = null;
  if (settings.userInfoUrl !== null) {
    const fetched = await fetchUserInfo(settings.userInfoUrl, tokens.value.accessToken, {
      settings,
      subject: idToken.value.subject,
      now,
      egress,
      keySets,
      trace,
    });
    if (!fetched.ok) return fetched;
    userInfo = fetched.value;
  }
  return ok(identityOf(settings, idToken.value, userInfo, trace));
}

function parameterNames(params: URLSearchParams): string[] {
  return [...new Set(params.keys())].slice(0, 20).map((name) => oneLine(name).slice(0, 40));
}

function identityOf(
  settings: OidcSettings,
  idToken: VerifiedIdToken,
  userInfo: Record<string, unknown> | null,
  trace: FinishContext['trace'],
): ExternalIdentity {
  const merged = mergeClaims(idToken.claims, userInfo);
  const { claims, dropped } = keepClaims(merged);
  const assurance = assuranceOf(claims);
  const groups = groupsOf(merged, settings.groupsClaim);
  const silent = saysNothing(claims);
  trace.step({
    kind: 'identity.checked',
    outcome: dropped.length > 0 ? 'CHANGED' : 'PASSED',
    detail: [
      { label: 'Signature', made: idToken.algorithm },
      // Their values belong to the person: the mapping's step tells them, sealed.
      { label: 'Claims', received: Object.keys(claims) },
      ...(silent ? [{ label: 'About the person', made: 'nothing was released' }] : []),
      ...(dropped.length > 0 ? [{ label: 'Left out', made: dropped.map(({ name, why }) => `${name}: ${why}`) }] : []),
    ],
  });
  return {
    subject: idToken.subject,
    subjectFormat: 'oidc',
    issuer: settings.issuer,
    claims,
    emailVerified: emailVerified(claims),
    ...(groups && { groups }),
    ...(assurance && { assurance }),
    ...(silent && { silence: silenceOf(settings) }),
    once: [],
  };
}

const silenceOf = ({ scopes, hints }: OidcSettings) => ({
  reason: `The provider released no claims about the person; the scopes sent were "${scopes.join(' ')}".`,
  hint: hints.scopes ?? 'Compare the scopes with those that release claims to this client.',
});
