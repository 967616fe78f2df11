/** `/api/v1/groups/rules` (contract §4), and our own `/api/gatehouse/v1/group-rules`: checking an expression, running a rule again. */
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import {
  describedUnder,
  ifMatch,
  LIFECYCLE,
  limitOf,
  NO_CONTENT,
  sendPage,
  sendVersioned,
  textQuery,
} from '../../http/index.ts';
import { callerOf } from '../../system-log/index.ts';
import { type GroupRuleBody, GroupRuleInput } from './schema.ts';
import type { GroupRules, RuleQuery } from './service.ts';

type ById = { Params: { ruleId: string } };
type Expanded = { Querystring: { expand?: string } };

const ALL = '/api/v1/groups/rules';
const ONE = `${ALL}/:ruleId`;
const OWN = '/api/gatehouse/v1/group-rules';

const CheckBody = Type.Object({
  expression: Type.String({ maxLength: 10_000 }),
  user: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 100 })], { description: 'An id or a login' })),
});
const Removal = Type.Object({ removeUsers: Type.Optional(Type.String({ enum: ['true', 'false', ''] })) });
const STARTED = { 202: { type: 'object', properties: { jobId: { type: 'string' } } } };

const withNames = (expand: string | undefined) => ({ withNames: expand === 'groupIdToGroupNameMap' });

const described = describedUnder('Group rules');

export function groupRuleRoutes({ groupRules }: { groupRules: GroupRules }) {
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: RuleQuery & { limit?: string; expand?: string } }>(
      ALL,
      described('Lists group rules', { querystring: textQuery('search', 'q', 'limit', 'after', 'expand') }),
      async (request, reply) => {
        const { limit, expand, ...query } = request.query;
        const page = await groupRules.list(request.org.id, query, limitOf(limit, { fallback: 50, max: 200 }));
        const items = await groupRules.toWire(request.org.id, page.items, withNames(expand));
        return sendPage(request, reply, { items, after: page.after });
      },
    );
    server.post<{ Body: GroupRuleBody }>(
      ALL,
      described('Creates a group rule, which is inactive at first', { body: GroupRuleInput }),
      async (request, reply) => {
        const rule = await groupRules.create(callerOf(request), request.body);
        const [wire] = await groupRules.toWire(rule.orgId, [rule], { withNames: false });
        return sendVersioned(reply, rule.version, wire);
      },
    );
    server.get<ById & Expanded>(
      ONE,
      described('Reads a group rule', { querystring: textQuery('expand') }),
      async (request, reply) => {
        const rule = await groupRules.get(request.org.id, request.params.ruleId);
        const [wire] = await groupRules.toWire(rule.orgId, [rule], withNames(request.query.expand));
        return sendVersioned(reply, rule.version, wire);
      },
    );
    server.put<ById & { Body: GroupRuleBody }>(
      ONE,
      described('Replaces an inactive group rule', { body: GroupRuleInput }),
      async (request, reply) => {
        const { ruleId } = request.params;
        const rule = await groupRules.replace(callerOf(request), ruleId, request.body, ifMatch(request));
        const [wire] = await groupRules.toWire(rule.orgId, [rule], { withNames: false });
        return sendVersioned(reply, rule.version, wire);
      },
    );
    server.delete<ById & { Querystring: Static<typeof Removal> }>(
      ONE,
      described('Deletes an inactive group rule; removeUsers=true also ends the memberships that it gave', {
        querystring: Removal,
        response: { 202: { type: 'null', description: 'Deleted; memberships end in the background' } },
      }),
      async (request, reply) => {
        const removeUsers = request.query.removeUsers === 'true';
        const how = { removeUsers, expectedVersion: ifMatch(request) };
        await groupRules.remove(callerOf(request), request.params.ruleId, how);
        return reply.status(202).send();
      },
    );
    for (const [step, status] of LIFECYCLE) {
      server.post<ById>(
        `${ONE}/lifecycle/${step}`,
        described(`Switches a group rule ${step === 'activate' ? 'on' : 'off'}`, { response: NO_CONTENT }),
        async (request, reply) => {
          await groupRules.setStatus(callerOf(request), request.params.ruleId, status, ifMatch(request));
          return reply.status(204).send();
        },
      );
    }
    server.register(ownRoutes(groupRules));
  };
}

function ownRoutes(groupRules: GroupRules) {
  return async (server: FastifyInstance) => {
    server.post<{ Body: Static<typeof CheckBody> }>(
      `${OWN}/check`,
      described('Checks the expression of a group rule, and whether somebody matches it', { body: CheckBody }),
      async (request) => groupRules.check(request.org.id, request.body.expression, request.body.user || null),
    );
    server.post<ById>(
      `${OWN}/:ruleId/run`,
      described('Applies an active group rule to everybody again, in a job', { response: STARTED }),
      async (request, reply) => reply.status(202).send(await groupRules.run(callerOf(request), request.params.ruleId)),
    );
  };
}
