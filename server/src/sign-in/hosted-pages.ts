/** The pages that the authorization server shows, in the hosted pages' look (its `Pages` port). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pages } from '../authorization-server/index.ts';
import { pageHeaders } from '../http/index.ts';
import { randomSecret } from '../shared/ids.ts';
import { confirmSignOutPage, languageOf, postingPage, problemPage } from './page/index.ts';

const languageFor = (request: FastifyRequest) => languageOf(request.headers['accept-language'], undefined);

export const hostedPages: Pages = {
  problem(request: FastifyRequest, reply: FastifyReply, problem) {
    const nonce = randomSecret(16);
    const html = problemPage({
      nonce,
      language: languageFor(request),
      code: problem.error,
      traceId: problem.traceId ?? request.id,
      detail: problem.description,
      retry: null,
      leave: null,
    });
    return pageHeaders(reply.status(problem.status), { nonce, script: true }).send(html);
  },
  confirmSignOut(request, reply, { action, fields }) {
    const nonce = randomSecret(16);
    return pageHeaders(reply, { nonce }).send(
      confirmSignOutPage({ nonce, language: languageFor(request), action, fields, application: null }),
    );
  },
  posting(request, reply, { action, fields }) {
    const nonce = randomSecret(16);
    return pageHeaders(reply, { nonce, script: true, formTarget: action }).send(
      postingPage({ nonce, language: languageFor(request), action, fields }),
    );
  },
};
