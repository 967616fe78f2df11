import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Client } from '../clients/clients.ts';
import { type LoggedRequest, withoutSecrets } from '../control/request-log.ts';
import { claimsOf } from '../keys/jwt.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SignIn } from '../sign-ins.ts';
import { idTokenOf } from './id-token.ts';
import type { Storage } from './storage.ts';

type Next = () => Promise<unknown>;

export const TOKEN_LIFETIMES = { code: 600, accessToken: 300, idToken: 18_000, refreshToken: 604_800 } as const;

const GRANT_REVOKED = 'The provided authorization grant is expired or revoked';
const CLIENT_REFUSED = 'Client authentication failed';

interface TokenBody {
  access_token: string;
  expires_in: number;
  id_token?: string;
  refresh_token?: string;
  scope: string;
}

/**
 * ID.me's token endpoint around the library's: JSON bodies are accepted beside forms, every error is a 400, `token_type` is lower case, and the ID
 * token carries all claims (contract: providers §2.3, §2.4).
 */
export function token(sandbox: Sandbox, storage: Storage) {
  return async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    const parameters = await bodyParameters(ctx.req);
    const entry = ctx.state.logged as LoggedRequest;
    entry.parameters = { ...entry.parameters, ...withoutSecrets(parameters) };
    const code = parameters.get('code');
    const signIn = code === null ? undefined : signInOfCode(sandbox, storage, code);
    if (refusesClient(ctx, parameters, sandbox, signIn)) return fail(ctx, 'invalid_client', CLIENT_REFUSED);
    if (code !== null) await spoilCode(storage, code, signIn);
    await next();
    await rewrite(ctx, sandbox);
  };
}

/** Reads the body, JSON or form, and leaves a form for the library to read. */
async function bodyParameters(request: IncomingMessage): Promise<URLSearchParams> {
  const body = await text(request);
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
  const parameters = isJson ? fromJson(body) : new URLSearchParams(body);
  const form = Buffer.from(parameters.toString());
  request.headers['content-type'] = 'application/x-www-form-urlencoded';
  request.headers['content-length'] = String(form.length);
  delete request.headers['transfer-encoding'];
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: { value: () => Readable.from([form]).iterator() },
  });
  return parameters;
}

function fromJson(body: string): URLSearchParams {
  try {
    const entries = Object.entries(JSON.parse(body) as Record<string, unknown>);
    return new URLSearchParams(entries.filter(([, value]) => typeof value === 'string') as [string, string][]);
  } catch {
    return new URLSearchParams();
  }
}

function signInOfCode({ signIns }: Sandbox, storage: Storage, code: string): SignIn | undefined {
  const grantId = storage.peek('AuthorizationCode', code)?.grantId;
  return grantId === undefined ? undefined : signIns.ofGrant(grantId);
}

/** The method that the client is bound to, and the two faults that pretend. Whether the secret is right, the library says. */
function refusesClient(ctx: KoaContextWithOIDC, parameters: URLSearchParams, { clients }: Sandbox, signIn?: SignIn) {
  const fault = signIn?.fault?.fault;
  if (fault === 'secret_wrong' || fault === 'auth_method_wrong') return true;
  const basic = ctx.headers.authorization;
  const bound: Client | undefined = clients.find(parameters.get('client_id') ?? basicUser(basic));
  const used = basic === undefined ? 'client_secret_post' : 'client_secret_basic';
  return bound?.token_endpoint_auth_method !== undefined && bound.token_endpoint_auth_method !== used;
}

function basicUser(header = ''): string {
  const [user = ''] = Buffer.from(header.replace(/^Basic /i, ''), 'base64')
    .toString()
    .split(':');
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

async function spoilCode(storage: Storage, code: string, signIn?: SignIn): Promise<void> {
  const stored = storage.peek('AuthorizationCode', code);
  if (stored === undefined) return;
  if (signIn?.fault?.fault === 'code_expired') stored.exp = 1;
  if (signIn?.fault?.fault === 'code_replayed') await storage.adapter('AuthorizationCode').consume(code);
}

async function rewrite(ctx: KoaContextWithOIDC, sandbox: Sandbox): Promise<void> {
  if (ctx.status >= 500) return;
  if (ctx.status !== 200) {
    const { error, error_description: description } = ctx.body as { error: string; error_description?: string };
    const texts: Record<string, string> = { invalid_client: CLIENT_REFUSED, invalid_grant: GRANT_REVOKED };
    return fail(ctx, error, texts[error] ?? description ?? error);
  }
  const { access_token, expires_in, scope, refresh_token, id_token } = ctx.body as TokenBody;
  const signIn = sandbox.signIns.ofGrant(ctx.oidc.entities.Grant?.jti ?? '');
  const play = ctx.oidc.entities.AuthorizationCode !== undefined;
  ctx.body = {
    access_token,
    token_type: 'bearer',
    expires_in,
    scope,
    ...(refresh_token && { refresh_token, refresh_expires_in: TOKEN_LIFETIMES.refreshToken }),
    ...(id_token && signIn && { id_token: await idTokenOf(claimsOf(id_token), signIn, sandbox.keys, play) }),
  };
}

function fail(ctx: KoaContextWithOIDC, error: string, description: string): void {
  ctx.status = 400;
  ctx.remove('www-authenticate');
  ctx.body = { error, error_description: description };
}
