import { randomBytes } from 'node:crypto';
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { PAGE_HEADERS } from '../../pages/page.ts';
import { problemPage } from '../pages/problem.ts';
import { POLICIES } from '../people/policies.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SignIn } from '../sign-ins.ts';
import { authorize, forgetFormerSession, withoutIssuer } from './authorize.ts';
import { PATHS } from './paths.ts';
import { createStorage } from './storage.ts';
import { TOKEN_LIFETIMES, token } from './token.ts';
import { userinfo } from './userinfo.ts';

/** The result of the sign-in page, as the library carries it back to the authorization endpoint. */
export interface SignInResult {
  login: { accountId: string; remember: false };
  signIn: string;
  [key: string]: unknown;
}

/** The OpenID provider with ID.me's wire behaviour put around the library's. */
export function createProvider(sandbox: Sandbox): Provider {
  const storage = createStorage(sandbox.clients);
  const provider = new Provider(sandbox.issuer, configuration(sandbox, storage.adapter));
  nameTokensInHex(provider);
  const around: Record<string, (ctx: KoaContextWithOIDC, next: () => Promise<unknown>) => Promise<void>> = {
    [PATHS.authorization]: authorize(sandbox),
    [PATHS.token]: token(sandbox, storage),
    [PATHS.userinfo]: userinfo(sandbox),
  };
  provider.use(async (ctx, next) => {
    const logged = sandbox.requests.add(ctx.method, ctx.url, ctx.headers.authorization);
    ctx.state.logged = logged;
    forgetFormerSession(ctx as KoaContextWithOIDC);
    await (around[ctx.path] ?? resume)(ctx as KoaContextWithOIDC, next);
    logged.status = ctx.status;
  });
  return provider;
}

async function resume(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  await next();
  withoutIssuer(ctx);
}

function configuration(sandbox: Sandbox, adapter: Configuration['adapter']): Configuration {
  const { privateKey, kid } = sandbox.keys.current();
  const chosen = (ctx: KoaContextWithOIDC): SignIn | undefined => {
    const result = ctx.oidc.result as SignInResult | undefined;
    return result?.signIn === undefined ? ctx.state.signIn : sandbox.signIns.find(result.signIn);
  };
  return {
    adapter,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    routes: { authorization: PATHS.authorization, token: PATHS.token, userinfo: PATHS.userinfo, jwks: PATHS.jwks },
    scopes: ['openid', ...POLICIES.map(({ handle }) => handle)],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
    pkce: { required: () => false },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    ttl: {
      AuthorizationCode: TOKEN_LIFETIMES.code,
      AccessToken: TOKEN_LIFETIMES.accessToken,
      IdToken: TOKEN_LIFETIMES.idToken,
      RefreshToken: TOKEN_LIFETIMES.refreshToken,
      Grant: TOKEN_LIFETIMES.refreshToken,
      Interaction: 3_600,
      Session: 3_600,
    },
    issueRefreshToken: async () => true,
    cookies: {
      keys: [randomBytes(24).toString('hex')],
      names: {
        interaction: 'idme_sandbox_interaction',
        resume: 'idme_sandbox_resume',
        session: 'idme_sandbox_session',
      },
    },
    interactions: {
      policy: [
        new interactionPolicy.Prompt(
          { name: 'login', requestable: true },
          new interactionPolicy.Check(
            'no_person',
            'somebody must choose a person',
            'login_required',
            (ctx) => chosen(ctx) === undefined,
          ),
        ),
      ],
      url: (_ctx, { uid }) => `/sign-in/${uid}`,
    },
    extraParams: { sandbox_approval: (ctx) => signInAtOnce(ctx, chosen(ctx)) },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: (ctx) => grantFor(ctx, sandbox, chosen(ctx)),
    renderError: (ctx, { error, error_description: description }) => {
      ctx.set(PAGE_HEADERS);
      ctx.body = problemPage({ title: 'This sign-in cannot go on', text: `${description ?? error}.` });
    },
  };
}

/** Approval by the control API: the person is signed in before the library asks for one. */
function signInAtOnce(ctx: KoaContextWithOIDC, signIn: SignIn | undefined): void {
  if (signIn !== undefined) ctx.oidc.session?.loginAccount({ accountId: signIn.person.uuid, transient: true });
}

/** ID.me's access and refresh tokens are 32 hexadecimal digits; the library's own method also chooses the format, so it still runs. */
function nameTokensInHex({ AccessToken, RefreshToken }: Provider): void {
  for (const { prototype } of [AccessToken, RefreshToken] as { prototype: { generateTokenId?(): string } }[]) {
    const chooseFormat = prototype.generateTokenId;
    prototype.generateTokenId = function hexTokenId() {
      chooseFormat?.call(this);
      return randomBytes(16).toString('hex');
    };
  }
}

/** Consent was given on the page (or by the control API): the grant has exactly the requested scope. */
async function grantFor(ctx: KoaContextWithOIDC, sandbox: Sandbox, signIn: SignIn | undefined) {
  if (signIn === undefined) return undefined;
  const grant = new ctx.oidc.provider.Grant({ accountId: signIn.person.uuid, clientId: ctx.oidc.client?.clientId });
  grant.addOIDCScope(`openid ${signIn.policy}`);
  await grant.save();
  sandbox.signIns.bind(signIn.id, grant.jti);
  return grant;
}
