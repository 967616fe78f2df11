/** A refusal for want of something, in the words of this provider's mapping and answer: which mapping gave no value, and whether anything came. */
import type { ExternalIdentity } from '../../../identity-providers/index.ts';
import type { CompiledMapping } from '../../../profile-mappings/index.ts';
import type { Decision } from '../decide.ts';
import type { Prepared } from '../prepare.ts';

interface Facts {
  identity: Pick<ExternalIdentity, 'silence'>;
  mapping: Pick<CompiledMapping, 'properties'>;
  prepared: { problems: Pick<Prepared['problems'], 'missing'> };
}

export function explained(decision: Decision, { identity, mapping, prepared }: Facts): Decision {
  if (decision.kind !== 'refuse') return decision;
  const fields = decision.code === 'jit_failure_missing_fields';
  if (!fields && decision.code !== 'missed_field') return decision;
  const causes = fields ? prepared.problems.missing.map((name) => causeOf(name, mapping)) : [];
  const { silence } = identity;
  return {
    ...decision,
    reason: [decision.reason, ...causes, ...(silence ? [silence.reason] : [])].join(' '),
    ...(silence && { hint: silence.hint }),
  };
}

function causeOf(name: string, mapping: Facts['mapping']): string {
  const property = mapping.properties.find(({ target }) => target === name);
  return property === undefined
    ? `No mapping writes '${name}'.`
    : `'${name}' is mapped from "${property.program.source.slice(0, 100)}", which gave no value.`;
}
