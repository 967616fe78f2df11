import type { FastifyInstance, FastifyReply } from 'fastify';
import { onlyOwnForms } from '../../http/guards.ts';
import { PAGE_HEADERS } from '../../pages/page.ts';
import { problemPage } from '../pages/problem.ts';
import type { Sandbox } from '../sandbox.ts';
import { personPage, personsPage } from './page.ts';
import { InvalidPerson, type Person } from './persons.ts';

type Form = Partial<Person> & { 'sign-in'?: string };

const NOBODY = { title: 'Nobody has this uuid', text: 'Persons that were created live until the sandbox stops.' };

/** The pages on which persons are listed, created and changed. */
export function personRoutes(app: FastifyInstance, { persons }: Sandbox): void {
  const send = (reply: FastifyReply, page: string, status = 200) => reply.code(status).headers(PAGE_HEADERS).send(page);
  const back = (form: Form) => (signInOf(form) === '' ? '/persons' : `/sign-in/${signInOf(form)}`);

  app.get('/persons', async (_request, reply) => send(reply, personsPage(persons.list())));

  app.get<{ Querystring: Form }>('/persons/new', async ({ query }, reply) =>
    send(reply, personPage({ values: {}, signIn: signInOf(query) })),
  );

  app.post<{ Body: Form }>('/persons/new', { preHandler: onlyOwnForms }, async ({ body }, reply) => {
    const { uuid: _ignored, ...values } = body;
    return (
      complaintOf(
        () => persons.create(values),
        (problem) => send(reply, personPage({ values, signIn: signInOf(body), problem }), 400),
      ) ?? reply.redirect(back(body), 303)
    );
  });

  app.get<{ Params: { uuid: string }; Querystring: Form }>('/persons/:uuid', async ({ params, query }, reply) => {
    const person = persons.find(params.uuid);
    if (person === undefined) return send(reply, problemPage(NOBODY), 404);
    return send(reply, personPage({ uuid: person.uuid, values: person, signIn: signInOf(query) }));
  });

  app.post<{ Params: { uuid: string }; Body: Form }>(
    '/persons/:uuid',
    { preHandler: onlyOwnForms },
    async ({ params: { uuid }, body }, reply) => {
      if (persons.find(uuid) === undefined) return send(reply, problemPage(NOBODY), 404);
      return (
        complaintOf(
          () => persons.update(uuid, body),
          (problem) => send(reply, personPage({ uuid, values: body, signIn: signInOf(body), problem }), 400),
        ) ?? reply.redirect(back(body), 303)
      );
    },
  );
}

/** Only an id of our own goes into a path. */
function signInOf(form: Form): string {
  const id = form['sign-in'] ?? '';
  return /^[\w-]{1,64}$/.test(id) ? id : '';
}

/** Does it; what `refused` makes of the sentence when the values are not accepted, undefined when they are. */
function complaintOf<T>(save: () => unknown, refused: (problem: string) => T): T | undefined {
  try {
    save();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidPerson) return refused(error.message);
    throw error;
  }
}
