/** Leaving for a provider: a redirect, or a form that posts itself (with a button for browsers without scripts). */
import type { FastifyReply } from 'fastify';
import { pageHeaders } from '../../http/index.ts';
import type { Outgoing } from '../../identity-providers/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { languageOf, postingPage } from '../page/index.ts';

export function sendOutgoing(reply: FastifyReply, outgoing: Outgoing): FastifyReply {
  if (outgoing.kind === 'redirect') return reply.header('cache-control', 'no-store').redirect(outgoing.url, 303);
  const nonce = randomSecret(16);
  const language = languageOf(reply.request.headers['accept-language'], undefined);
  return pageHeaders(reply, { nonce, script: true, formTarget: outgoing.action }).send(
    postingPage({ nonce, language, action: outgoing.action, fields: outgoing.fields }),
  );
}
