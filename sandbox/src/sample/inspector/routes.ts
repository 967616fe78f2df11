import type { FastifyInstance, FastifyReply } from 'fastify';
import { PAGE_HEADERS } from '../../pages/page.ts';
import type { RelyingPartySettings } from '../relying-party.ts';
import { decode } from './decode.ts';
import { emptyPage, INSPECTOR_SCRIPT, type Inspection, inspectionPage, type Received } from './page.ts';
import { type Expectation, verify } from './verify.ts';

/** The token inspector: a redirect URI that shows what it is sent. Its form post comes from the hub's site, so no origin is asked for. */
export function inspectorRoutes(app: FastifyInstance, { issuer, clientId, url }: RelyingPartySettings): void {
  const send = (reply: FastifyReply, page: string) => reply.headers(PAGE_HEADERS).send(page);

  const inspect = async (reply: FastifyReply, sent: Received) => {
    const { expected_audience: audience = clientId, expected_nonce: nonce = '', ...received } = sent;
    const expected: Expectation = { issuer, audience, nonce };
    return send(reply, inspectionPage({ received, expected, inspection: await inspectionOf(received, expected) }));
  };

  app.get<{ Querystring: Received }>('/inspector', async ({ query }, reply) =>
    Object.keys(query).length === 0 ? send(reply, emptyPage(`${url}/inspector`)) : inspect(reply, singles(query)),
  );
  app.post<{ Body: Received | null }>('/inspector', async ({ body }, reply) => inspect(reply, singles(body ?? {})));
  app.get('/inspector.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('x-content-type-options', 'nosniff').send(INSPECTOR_SCRIPT),
  );
}

/** The ID token, else an access token that can be read. */
async function inspectionOf(received: Received, expected: Expectation): Promise<Inspection | null> {
  const { id_token: idToken, access_token: accessToken } = received;
  const readable = accessToken !== undefined && accessToken.split('.').length === 3;
  const token = idToken ?? (readable ? accessToken : undefined);
  if (token === undefined) return null;
  const decoded = decode(token);
  const checks = typeof decoded === 'string' ? [] : await verify(token, decoded, expected, Date.now());
  return { name: idToken === undefined ? 'access_token' : 'id_token', decoded, checks };
}

/** A parameter that was sent several times counts with its first value. */
function singles(sent: Record<string, string | string[]>): Received {
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String([value].flat()[0] ?? '')]));
}
