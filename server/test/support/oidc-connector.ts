/** A connector over the stub provider, for tests: one call makes a whole sign-in. */
import { createEgress, type Egress } from '../../src/http/index.ts';
import type { Begun, ExternalIdentity, Refusal, SignInStart } from '../../src/identity-providers/index.ts';
import type { ClientKeys } from '../../src/identity-providers/oidc/client-authentication.ts';
import { createOidcConnector } from '../../src/identity-providers/oidc/connector.ts';
import { createKeySets } from '../../src/identity-providers/oidc/key-sets.ts';
import type { OidcSettings } from '../../src/identity-providers/oidc/settings.ts';
import type { Json } from '../../src/shared/json.ts';
import type { Result } from '../../src/shared/result.ts';
import type { TraceStep } from '../../src/sign-in/index.ts';
import { type TestClock, testClock } from './clock.ts';
import type { StubProvider } from './stub-openid-provider.ts';

/** At a fixed time. */
export const fixedClock = (): TestClock => testClock(new Date('2026-11-21T12:00:00.000Z'));

export const START: SignInStart = { baseUrl: 'https://hub.example.com', state: 'state-0123456789', now: new Date(0) };

export function settingsOf(provider: StubProvider, change: Partial<OidcSettings> = {}): OidcSettings {
  return {
    orgId: '00o1',
    idpId: '0oa1',
    issuer: provider.issuer,
    authorizationUrl: `${provider.url}/authorize`,
    tokenUrl: `${provider.url}/token`,
    userInfoUrl: null,
    jwksUrl: `${provider.url}/keys`,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    clientAuthentication: 'client_secret_post',
    scopes: ['openid', 'teacher'],
    pkce: true,
    responseMode: 'query',
    perIdpRedirectUri: false,
    requireIssParameter: false,
    sendApplicationContext: false,
    userInfoForm: 'json',
    idTokenAlgorithms: ['RS256', 'PS256', 'ES256'],
    maxClockSkewSeconds: 60,
    groupsClaim: 'groups',
    hints: {},
    ...change,
  };
}

export interface SignIn {
  result: Result<ExternalIdentity, Refusal>;
  steps: TraceStep[];
  begun: Begun;
  url: URL;
}

export interface SignInOptions {
  settings?: Partial<OidcSettings>;
  start?: Partial<SignInStart>;
  /** What the browser brings, from what the provider would have sent. */
  bring?(answer: URLSearchParams): URLSearchParams;
  remembered?(own: Json): Json | null;
}

export function createSignIn(provider: StubProvider, clock: TestClock, clientKeys: ClientKeys, given?: Egress) {
  const egress = given ?? createEgress({ allow: ['127.0.0.1'] });
  const deps = { egress, clientKeys, keySets: createKeySets({ egress, clock }) };
  return {
    connector: (change: Partial<OidcSettings> = {}) => createOidcConnector(settingsOf(provider, change), deps),
    /** Goes out, lets the provider answer, and comes back. */
    async signIn({ settings, start, bring, remembered }: SignInOptions = {}): Promise<SignIn> {
      const connector = createOidcConnector(settingsOf(provider, settings), deps);
      const begun = await connector.begin({ ...START, now: clock.now(), ...start });
      if (begun.outgoing.kind !== 'redirect') throw new Error('expected a redirect');
      const answer = provider.answer(begun.outgoing.url);
      const steps: TraceStep[] = [];
      const context = {
        baseUrl: START.baseUrl,
        now: clock.now(),
        trace: { id: 'trace', step: (step: TraceStep) => steps.push(step) },
      };
      const memory = remembered === undefined ? begun.remember : remembered(begun.remember);
      const result = await connector.finish({ params: bring?.(answer) ?? answer }, memory, context);
      return { result, steps, begun, url: new URL(begun.outgoing.url) };
    },
    close: () => egress.close(),
  };
}
