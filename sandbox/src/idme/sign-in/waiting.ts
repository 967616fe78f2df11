import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { PAGE_HEADERS } from '../../pages/page.ts';
import { DENIED, errorLocation, NEVER_RETURNS, type Refusal, refusalOf } from '../faults/refusals.ts';
import type { ChosenFault, Protocol } from '../faults/table.ts';
import { problemPage } from '../pages/problem.ts';
import type { Person } from '../people/persons.ts';
import { type Claims, releasedClaims } from '../people/policies.ts';
import { handleOf } from '../protocol/authorize.ts';
import type { SignInResult } from '../protocol/provider.ts';
import { continuePage } from '../saml/pages.ts';
import { samlClaims } from '../saml/response/attributes.ts';
import { NOT_CONSENTED } from '../saml/response/play.ts';
import type { Sandbox } from '../sandbox.ts';

type Answer = FastifyReply | Promise<FastifyReply>;

/** A sign-in that waits for a person, whichever protocol asked. */
export interface Waiting {
  uid: string;
  protocol: Protocol;
  /** Name of who asks. */
  application: string;
  policy: string;
  shares(person: Person): Claims;
  /** Ends the sign-in before consent where the fault says so; null when it plays later. */
  refuseEarly(chosen: ChosenFault | null): ((reply: FastifyReply) => Answer) | null;
  deny(reply: FastifyReply): Answer;
  approve(
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    fault: ChosenFault | null,
  ): Promise<FastifyReply>;
}

export const sendPage = (reply: FastifyReply, text: string, status = 200) =>
  reply.code(status).headers(PAGE_HEADERS).send(text);

/** null when nothing waits under this id any more. */
export async function oidcWaiting(
  request: FastifyRequest,
  reply: FastifyReply,
  sandbox: Sandbox,
  provider: Provider,
): Promise<Waiting | null> {
  const details = await provider.interactionDetails(request.raw, reply.raw).catch(() => null);
  const { client_id: clientId, redirect_uri: redirectUri, scope, state } = details?.params ?? {};
  const client = sandbox.clients.find(String(clientId));
  const policy = handleOf(String(scope));
  if (details === null || client === undefined || policy === undefined) return null;
  const refuse = (refusal: Refusal) => (answer: FastifyReply) =>
    refusal.to === 'page'
      ? sendPage(answer, problemPage(refusal), refusal.status)
      : answer.redirect(
          errorLocation(String(redirectUri), refusal, typeof state === 'string' ? state : undefined),
          303,
        );
  return {
    uid: details.uid,
    protocol: 'oidc',
    application: client.client_name,
    policy,
    shares: (person) => releasedClaims(person, policy),
    refuseEarly(chosen) {
      const refusal = refusalOf(chosen);
      return refusal === null ? null : refuse(refusal);
    },
    deny: refuse(DENIED),
    async approve(incoming, answer, person, fault) {
      const signIn = sandbox.signIns.add({ person, policy, fault });
      const result: SignInResult = { login: { accountId: person.uuid, remember: false }, signIn: signIn.id };
      return answer.redirect(await provider.interactionResult(incoming.raw, answer.raw, result), 303);
    },
  };
}

/** null when nothing waits under this id any more. */
export function samlWaiting(uid: string, { saml }: Sandbox): Waiting | null {
  const request = saml.waiting(uid);
  if (request === undefined) return null;
  const deny = async (reply: FastifyReply) => sendPage(reply, continuePage(await saml.fail(request, NOT_CONSENTED)));
  return {
    uid,
    protocol: 'saml',
    application: request.provider.name,
    policy: request.authnContext,
    shares: (person) => samlClaims(person, request.authnContext),
    refuseEarly(chosen) {
      if (chosen?.fault === 'saml_user_denied') return deny;
      return chosen?.fault === 'never_returns' ? (reply) => sendPage(reply, problemPage(NEVER_RETURNS)) : null;
    },
    deny,
    approve: async (_incoming, reply, person, fault) =>
      sendPage(reply, continuePage(await saml.succeed(request, person, fault))),
  };
}
