/** What is particular to routing rules: providers, applications and attributes that a rule names, and what its PUT may leave out. */
import { apiErrors } from '../http/index.ts';
import type { RuleKind } from './changes.ts';
import { type Known, readRule } from './read-rule.ts';
import type { AnyRuleBody, RuleBody } from './schema.ts';
import type { RoutingRulesDeps } from './service.ts';
import type { RoutingRule } from './store.ts';

export const routingKind = (deps: RoutingRulesDeps): RuleKind => ({
  async reader(orgId, sent) {
    const body = routingBody(sent);
    const known = await knownOf(deps, orgId, body);
    return (present) => {
      if (present === null) return read(body, known);
      const rule = present as RoutingRule;
      if (!rule.system) return read(withOwnFields(body, rule), known);
      refuseSystemChange(body);
      return { conditions: rule.conditions, actions: rule.actions };
    };
  },
});

function routingBody(sent: AnyRuleBody): RuleBody {
  const { idp } = sent.actions;
  if (idp === undefined) throw apiErrors.validation('actions', 'actions: expected "idp" in a routing rule');
  if (sent.type != null && sent.type !== 'IDP_DISCOVERY')
    throw apiErrors.validation(
      'type',
      `type: expected IDP_DISCOVERY for a routing rule, found "${sent.type.slice(0, 50)}"`,
    );
  return { ...sent, actions: { ...sent.actions, idp } };
}

/** What the body names, as far as it exists. Read before the transaction: it comes from the compiled view. */
async function knownOf(
  { providers, applications, people }: RoutingRulesDeps,
  orgId: string,
  body: RuleBody,
): Promise<Known> {
  const { include, exclude } = body.conditions?.app ?? {};
  const named = [...(include ?? []), ...(exclude ?? [])].flatMap(({ id }) => id ?? []);
  const types = await Promise.all(named.map((id) => applications.type(orgId, id)));
  return {
    providerTypes: new Map((await providers.list(orgId)).map(({ id, type }) => [id, type])),
    applicationIds: new Set(named.filter((_, index) => types[index] !== null)),
    attributes: await people.attributes(orgId),
  };
}

function read(body: RuleBody, known: Known) {
  const made = readRule(body, known);
  if ('problems' in made) throw apiErrors.validation(made.problems[0]!.split(':')[0]!, ...made.problems);
  return made;
}

/** Our own fields keep their value where a PUT omits them (rulings 18). */
function withOwnFields(body: RuleBody, { actions }: RoutingRule): RuleBody {
  const { idp } = body.actions;
  const presentation = idp.presentation === undefined ? actions.presentation : idp.presentation;
  return { ...body, actions: { idp: { ...idp, presentation, enforce: idp.enforce ?? actions.enforce } } };
}

/** It always ends at the hub's own sign-in, so that nobody is locked out (rulings 8). */
function refuseSystemChange(body: RuleBody): void {
  const providers = body.actions.idp.providers ?? [];
  if (providers.length !== 1 || providers[0]!.type !== 'OKTA')
    throw apiErrors.forbidden('The default rule always ends at the local sign-in. Add a rule before it.');
}
