/** `/api/gatehouse/v1/jobs`: progress of long work, its steering, and what could not be done as a file. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { describedUnder, ifMatch, limitOf, sendPage, sendVersioned, textQuery } from '../http/index.ts';
import { csvLine } from '../shared/csv.ts';
import { callerOf } from '../system-log/index.ts';
import { type Job, jobToWire, OPERATIONS, type Operation } from './schema.ts';
import type { JobQuery, Jobs } from './service.ts';

type ById = { Params: { jobId: string } };
type Listing = { Querystring: JobQuery & { limit?: string } };

const ALL = '/api/gatehouse/v1/jobs';
const ONE = `${ALL}/:jobId`;
const PROBLEMS_AT_A_TIME = 1_000;

const described = describedUnder('Jobs');

export function jobRoutes({ jobs }: { jobs: Jobs }) {
  const wire = (job: Job, baseUrl: string) => jobToWire(job, { baseUrl, possible: jobs.possible(job) });
  return async (server: FastifyInstance) => {
    server.get<Listing>(
      ALL,
      described('Lists jobs, the newest first', {
        querystring: textQuery('kind', 'subjectId', 'status', 'limit', 'after'),
      }),
      async (request, reply) => {
        const { limit, ...query } = request.query;
        const page = await jobs.list(request.org.id, query, limitOf(limit, { fallback: 20, max: 200 }));
        return sendPage(request, reply, {
          ...page,
          items: page.items.map((job) => wire(job, request.org.baseUrl)),
        });
      },
    );
    server.get<ById>(ONE, described('Reads a job'), async (request, reply) => {
      const job = await jobs.get(request.org.id, request.params.jobId);
      return sendVersioned(reply, job.version, wire(job, request.org.baseUrl));
    });
    for (const operation of Object.keys(OPERATIONS) as Operation[]) {
      server.post<ById>(
        `${ONE}/lifecycle/${operation}`,
        described(`Lifecycle: ${operation}`),
        async (request, reply) => {
          const job = await jobs.steer(callerOf(request), request.params.jobId, operation, ifMatch(request));
          return sendVersioned(reply, job.version, wire(job, request.org.baseUrl));
        },
      );
    }
    server.get<ById>(
      `${ONE}/problems.csv`,
      described('What could not be done, as a CSV file'),
      async (request, reply) => {
        const { jobId } = request.params;
        const job = await jobs.get(request.org.id, jobId);
        reply.type('text/csv; charset=utf-8');
        reply.header('content-disposition', `attachment; filename="problems-${job.id}.csv"`);
        return reply.send(Readable.from(problemLines(jobs, request.org.id, job.id)));
      },
    );
  };
}

async function* problemLines(jobs: Jobs, orgId: string, jobId: string) {
  yield csvLine(['at', 'code', 'message']);
  for (let after = 0; ; ) {
    const rows = await jobs.problems(orgId, jobId, after, PROBLEMS_AT_A_TIME);
    for (const { place, code, message } of rows) yield csvLine([place, code, message]);
    if (rows.length < PROBLEMS_AT_A_TIME) return;
    after = rows.at(-1)!.number;
  }
}
