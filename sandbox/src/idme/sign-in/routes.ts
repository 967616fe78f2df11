import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { onlyOwnForms } from '../../http/guards.ts';
import { PAGE_HEADERS } from '../../pages/page.ts';
import type { Client } from '../clients/clients.ts';
import { DENIED, errorLocation, type Refusal, refusalOf } from '../faults/refusals.ts';
import { type ChosenFault, chooseFault, InvalidFault } from '../faults/table.ts';
import { problemPage } from '../pages/problem.ts';
import type { Person } from '../people/persons.ts';
import { handleOf } from '../protocol/authorize.ts';
import type { SignInResult } from '../protocol/provider.ts';
import type { Sandbox } from '../sandbox.ts';
import { choosePage, consentPage } from './page.ts';

/** An authorization request that waits for a person. */
interface Waiting {
  uid: string;
  client: Client;
  policy: string;
  redirectUri: string;
  state?: string;
}

type Form = Partial<Record<'person' | 'fault' | 'parameter' | 'decision', string>>;

const EXPIRED = {
  title: 'This sign-in has expired',
  text: 'Go back to the application and start again.',
};

/** Choosing a person and a fault, consent, and the way back. */
export function signInRoutes(app: FastifyInstance, sandbox: Sandbox, provider: Provider): void {
  const send = (reply: FastifyReply, page: string, status = 200) => reply.code(status).headers(PAGE_HEADERS).send(page);

  const waitingFor = async (request: FastifyRequest, reply: FastifyReply): Promise<Waiting | null> => {
    const details = await provider.interactionDetails(request.raw, reply.raw).catch(() => null);
    const { client_id: clientId, redirect_uri: redirectUri, scope, state } = details?.params ?? {};
    const client = sandbox.clients.find(String(clientId));
    const policy = handleOf(String(scope));
    if (details === null || client === undefined || policy === undefined) {
      await send(reply, problemPage(EXPIRED), 400);
      return null;
    }
    const waiting = { uid: details.uid, client, policy, redirectUri: String(redirectUri) };
    return typeof state === 'string' ? { ...waiting, state } : waiting;
  };

  const refuse = (reply: FastifyReply, waiting: Waiting, refusal: Refusal) => {
    sandbox.defaults.takeFault();
    return refusal.to === 'page'
      ? send(reply, problemPage(refusal), refusal.status)
      : reply.redirect(errorLocation(waiting.redirectUri, refusal, waiting.state), 303);
  };

  const choose = (reply: FastifyReply, waiting: Waiting, problem?: string) => {
    const preset = sandbox.defaults.fault()?.chosen ?? null;
    const page = choosePage({ ...waiting, persons: sandbox.persons.list(), preset, ...(problem && { problem }) });
    return send(reply, page, problem === undefined ? 200 : 400);
  };

  app.get('/sign-in/:uid', async (request, reply) => {
    const waiting = await waitingFor(request, reply);
    return waiting === null ? reply : choose(reply, waiting);
  });

  app.post<{ Body: Form }>('/sign-in/:uid', { preHandler: onlyOwnForms }, async (request, reply) => {
    const waiting = await waitingFor(request, reply);
    if (waiting === null) return reply;
    const choice = choiceOf(request.body, sandbox);
    if (typeof choice === 'string') return choose(reply, waiting, choice);
    const refusal = refusalOf(choice.chosen);
    if (refusal !== null) return refuse(reply, waiting, refusal);
    const { fault = '', parameter = '' } = choice.chosen ?? {};
    const query = new URLSearchParams({ person: choice.person.uuid, fault, parameter });
    return reply.redirect(`/sign-in/${waiting.uid}/consent?${query}`, 303);
  });

  app.get<{ Querystring: Form }>('/sign-in/:uid/consent', async (request, reply) => {
    const waiting = await waitingFor(request, reply);
    if (waiting === null) return reply;
    const choice = choiceOf(request.query, sandbox);
    return typeof choice === 'string'
      ? choose(reply, waiting, choice)
      : send(reply, consentPage({ ...waiting, ...choice }));
  });

  app.post<{ Body: Form }>('/sign-in/:uid/consent', { preHandler: onlyOwnForms }, async (request, reply) => {
    const waiting = await waitingFor(request, reply);
    if (waiting === null) return reply;
    const choice = choiceOf(request.body, sandbox);
    if (typeof choice === 'string') return choose(reply, waiting, choice);
    if (request.body.decision !== 'allow') return refuse(reply, waiting, DENIED);
    sandbox.defaults.takeFault();
    const { person, chosen: fault } = choice;
    const signIn = sandbox.signIns.add({ person, policy: waiting.policy, fault });
    const result: SignInResult = { login: { accountId: person.uuid, remember: false }, signIn: signIn.id };
    return reply.redirect(await provider.interactionResult(request.raw, reply.raw, result), 303);
  });
}

/** The person and the fault of a form; a sentence when one of them does not exist. */
function choiceOf(
  form: Form | undefined,
  { persons }: Sandbox,
): { person: Person; chosen: ChosenFault | null } | string {
  const person = persons.find(form?.person ?? '');
  if (person === undefined) return 'Choose a person first.';
  try {
    return { person, chosen: chooseFault(form?.fault ?? '', form?.parameter) };
  } catch (error) {
    if (error instanceof InvalidFault) return error.message;
    throw error;
  }
}
