/** `/api/v1/policies` (contract §7). */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { apiErrors, describedUnder, ifMatch, LIFECYCLE, NO_CONTENT, sendVersioned } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import {
  type AnyRuleBody,
  type NewPolicyBody,
  NewPolicyInput,
  type PolicyBody,
  PolicyInput,
  RuleInput,
} from './schema.ts';
import type { RoutingRules } from './service.ts';

type OnePolicy = { Params: { policyId: string } };
type OneRule = { Params: { policyId: string; ruleId: string } };

const ByType = Type.Object({ type: Type.Optional(Type.String({ maxLength: 100 })) });
const Activation = Type.Object({ activate: Type.Optional(Type.String({ enum: ['true', 'false'] })) });

const described = describedUnder('Policies');

export function policyRoutes({ routingRules }: { routingRules: RoutingRules }) {
  return async (server: FastifyInstance) => {
    server.get<{ Querystring: { type?: string } }>(
      '/api/v1/policies',
      described('Lists the policies of a type', { querystring: ByType }),
      async (request) => {
        const { type } = request.query;
        if (type === undefined || type === '')
          throw apiErrors.validation('type', 'type: The field cannot be left blank');
        return routingRules.policies(callerOf(request), type);
      },
    );
    server.post<{ Body: NewPolicyBody; Querystring: { activate?: string } }>(
      '/api/v1/policies',
      described('Creates a sign-on policy; without a priority before the default policy', {
        body: NewPolicyInput,
        querystring: Activation,
      }),
      async (request, reply) => {
        const activate = request.query.activate !== 'false';
        const { version, body } = await routingRules.createPolicy(callerOf(request), request.body, activate);
        return sendVersioned(reply, version, body);
      },
    );
    server.get<OnePolicy>('/api/v1/policies/:policyId', described('Reads a policy'), async (request, reply) => {
      const { version, body } = await routingRules.policy(callerOf(request), request.params.policyId);
      return sendVersioned(reply, version, body);
    });
    server.put<OnePolicy & { Body: PolicyBody }>(
      '/api/v1/policies/:policyId',
      described('Changes a policy: name and description; of a sign-on policy also conditions and priority', {
        body: PolicyInput,
      }),
      async (request, reply) => {
        const { version, body } = await routingRules.changePolicy(
          callerOf(request),
          request.params.policyId,
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.register(policyLifecycle(routingRules));
    server.register(ruleRoutes(routingRules));
  };
}

function policyLifecycle(routingRules: RoutingRules) {
  return async (server: FastifyInstance) => {
    server.delete<OnePolicy>(
      '/api/v1/policies/:policyId',
      described('Deletes a sign-on policy with its rules', { response: NO_CONTENT }),
      async (request, reply) => {
        await routingRules.removePolicy(callerOf(request), request.params.policyId, ifMatch(request));
        return reply.status(204).send();
      },
    );
    for (const [step, status] of LIFECYCLE) {
      server.post<OnePolicy>(
        `/api/v1/policies/:policyId/lifecycle/${step}`,
        described(`Switches a sign-on policy ${step === 'activate' ? 'on' : 'off'}`, { response: NO_CONTENT }),
        async (request, reply) => {
          await routingRules.setPolicyStatus(callerOf(request), request.params.policyId, status, ifMatch(request));
          return reply.status(204).send();
        },
      );
    }
  };
}

function ruleRoutes(routingRules: RoutingRules) {
  const RULES = '/api/v1/policies/:policyId/rules';
  return async (server: FastifyInstance) => {
    server.get<OnePolicy>(RULES, described('Lists the rules of a policy, by priority'), async (request) =>
      routingRules.rules(callerOf(request), request.params.policyId),
    );
    server.post<OnePolicy & { Body: AnyRuleBody; Querystring: { activate?: string } }>(
      RULES,
      described('Adds a rule; without a priority before the default rule', {
        body: RuleInput,
        querystring: Activation,
      }),
      async (request, reply) => {
        const activate = request.query.activate !== 'false';
        const { version, body } = await routingRules.addRule(
          callerOf(request),
          request.params.policyId,
          request.body,
          activate,
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.get<OneRule>(`${RULES}/:ruleId`, described('Reads a rule'), async (request, reply) => {
      const { version, body } = await routingRules.rule(
        callerOf(request),
        request.params.policyId,
        request.params.ruleId,
      );
      return sendVersioned(reply, version, body);
    });
    server.put<OneRule & { Body: AnyRuleBody }>(
      `${RULES}/:ruleId`,
      described('Replaces a rule', { body: RuleInput }),
      async (request, reply) => {
        const { policyId, ruleId } = request.params;
        const { version, body } = await routingRules.replaceRule(
          callerOf(request),
          policyId,
          ruleId,
          request.body,
          ifMatch(request),
        );
        return sendVersioned(reply, version, body);
      },
    );
    server.delete<OneRule>(
      `${RULES}/:ruleId`,
      described('Deletes a rule', { response: NO_CONTENT }),
      async (request, reply) => {
        const { policyId, ruleId } = request.params;
        await routingRules.removeRule(callerOf(request), policyId, ruleId, ifMatch(request));
        return reply.status(204).send();
      },
    );
    for (const [step, status] of LIFECYCLE) {
      server.post<OneRule>(
        `${RULES}/:ruleId/lifecycle/${step}`,
        described(`Switches a rule ${step === 'activate' ? 'on' : 'off'}`, { response: NO_CONTENT }),
        async (request, reply) => {
          const { policyId, ruleId } = request.params;
          await routingRules.setRuleStatus(callerOf(request), policyId, ruleId, status, ifMatch(request));
          return reply.status(204).send();
        },
      );
    }
  };
}
