import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { onlyOwnForms } from '../../http/guards.ts';
import { type ChosenFault, chooseFault, InvalidFault } from '../faults/table.ts';
import { problemPage } from '../pages/problem.ts';
import type { Person } from '../people/persons.ts';
import type { Sandbox } from '../sandbox.ts';
import { choosePage, consentPage } from './page.ts';
import { oidcWaiting, samlWaiting, sendPage, type Waiting } from './waiting.ts';

type Form = Partial<Record<'person' | 'fault' | 'parameter' | 'decision', string>>;

const EXPIRED = {
  title: 'This sign-in has expired',
  text: 'Go back to the application and start again.',
};

/** Choosing a person and a fault, consent, and the way back. */
export function signInRoutes(app: FastifyInstance, sandbox: Sandbox, provider: Provider): void {
  const waitingFor = async (request: FastifyRequest, reply: FastifyReply): Promise<Waiting | null> => {
    const { uid } = request.params as { uid: string };
    const waiting = samlWaiting(uid, sandbox) ?? (await oidcWaiting(request, reply, sandbox, provider));
    if (waiting === null) await sendPage(reply, problemPage(EXPIRED), 400);
    return waiting;
  };

  const choose = (reply: FastifyReply, waiting: Waiting, problem?: string) => {
    const preset = sandbox.defaults.fault()?.chosen ?? null;
    const page = choosePage({ ...waiting, persons: sandbox.persons.list(), preset, ...(problem && { problem }) });
    return sendPage(reply, page, problem === undefined ? 200 : 400);
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
    const refuse = waiting.refuseEarly(choice.chosen);
    if (refuse !== null) {
      sandbox.defaults.takeFault();
      return refuse(reply);
    }
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
      : sendPage(reply, consentPage({ ...waiting, ...choice, released: waiting.shares(choice.person) }));
  });

  app.post<{ Body: Form }>('/sign-in/:uid/consent', { preHandler: onlyOwnForms }, async (request, reply) => {
    const waiting = await waitingFor(request, reply);
    if (waiting === null) return reply;
    const choice = choiceOf(request.body, sandbox);
    if (typeof choice === 'string') return choose(reply, waiting, choice);
    sandbox.defaults.takeFault();
    if (request.body.decision !== 'allow') return waiting.deny(reply);
    return waiting.approve(request, reply, choice.person, choice.chosen);
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
