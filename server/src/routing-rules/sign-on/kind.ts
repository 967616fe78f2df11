/** What is particular to the rules of sign-on policies. The default rule holds for everybody; only what it does can be changed. */
import { apiErrors } from '../../http/index.ts';
import type { RuleKind } from '../changes.ts';
import type { RoutingRulesDeps } from '../service.ts';
import type { SignOnRule } from '../store.ts';
import { type Read, readSignOnActions, readSignOnConditions } from './read.ts';

export const signOnKind = ({ people }: Pick<RoutingRulesDeps, 'people'>): RuleKind => ({
  async reader(orgId, body) {
    const actions = made(readSignOnActions(body));
    const conditions = made(readSignOnConditions(body));
    const unknown = await people.unknown(orgId, conditions.except);
    return (present) => {
      const rule = present as SignOnRule | null;
      if (rule?.system === true) {
        if (conditions.network !== undefined || conditions.except.length > 0)
          throw apiErrors.forbidden('The default rule holds for everybody, everywhere. Add a rule before it.');
        return { conditions: rule.conditions, actions };
      }
      const fresh = unknown.filter((id) => rule?.conditions.except.includes(id) !== true);
      if (fresh.length > 0)
        throw apiErrors.validation('conditions.people', ...fresh.map((id) => `${PEOPLE}: there is no user ${id}`));
      return { conditions, actions };
    };
  },
});

const PEOPLE = 'conditions.people.users.exclude';

/** Throws E0000001 with what is wrong. */
export function made<T extends object>(read: Read<T>): T {
  if ('problems' in read) throw apiErrors.validation(read.problems[0]!.split(':')[0]!, ...read.problems);
  return read;
}
