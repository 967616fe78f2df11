/** Where the values of a profile come from, for people who ask (docs/decisions: source priority). Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../shared/json.ts';
import { PRODUCT } from '../../../shared/product.ts';
import type { Attribute, CompiledSchema } from '../../profile-schemas/index.ts';
import type { User } from '../schema.ts';
import { HUB, LOSS_REASONS, type LossReason, resolveSources, type Say, supplies } from './priority.ts';
import { mastersOf, type SourceRow, saysOf } from './store.ts';

export type SourceNames = ReadonlyMap<string, { type: 'IDENTITY_PROVIDER' | 'APPLICATION'; name: string }>;

/** `REMOVED`: a provider or application that no longer exists. */
export interface SourceWire {
  id: string;
  type: 'HUB' | 'IDENTITY_PROVIDER' | 'APPLICATION' | 'REMOVED';
  name: string;
}

export interface OriginWire {
  source: SourceWire;
  /** Null of a sensitive attribute is null; any other value of it is shown as dots. */
  value: Json;
  /** ISO 8601. */
  at: string;
  /** Who called; null where a sign-in or the hub itself wrote it, or where it is not known. */
  by: { id: string; name: string | null } | null;
  traceId: string | null;
  requestId: string | null;
  jobId: string | null;
}

export interface ProvenanceWire extends OriginWire {
  attribute: string;
  title: string;
  /** Whether a value that an administrator sends would count. */
  writable: boolean;
  /** What the other sources say, and why it does not count. */
  wonAgainst: (OriginWire & { reason: LossReason; message: string })[];
}

export interface ProvenanceInput {
  user: Pick<User, 'profile' | 'created'>;
  schema: CompiledSchema;
  rows: readonly SourceRow[];
  profileSources: { has(sourceId: string): boolean };
  names: SourceNames;
  /** The logins of users who changed something. */
  people: ReadonlyMap<string, string>;
}

/** One entry for each attribute that has a value or that a source speaks of, in the order of the schema. */
export function provenanceOf(input: ProvenanceInput): ProvenanceWire[] {
  return [...input.schema.attributes.values()].flatMap((attribute) => {
    const { name } = attribute;
    const held = input.user.profile[name];
    const says = saysOf(input.rows, name, { value: held, since: input.user.created });
    return says.length === 0 ? [] : [ofAttribute(input, attribute, says, held)];
  });
}

function ofAttribute(
  input: ProvenanceInput,
  attribute: Attribute,
  says: Say[],
  held: Json | undefined,
): ProvenanceWire {
  const masters = mastersOf(input.profileSources, input.rows);
  const { winner, lost } = resolveSources(attribute.master, says, masters);
  const holds = (say: Say) => (supplies(held) ? isDeepStrictEqual(say.value, held) : !supplies(say.value));
  // The profile is what it was when it was written: where the rule has changed since, the source of the value that stands is shown.
  const shown = winner !== null && holds(winner) ? winner : (says.find(holds) ?? winner ?? says[0]!);
  const others = [...(winner === null ? [] : [{ ...winner, reason: 'kept' as const }]), ...lost].filter(
    ({ sourceId }) => sourceId !== shown.sourceId,
  );
  const probe = { sourceId: HUB, value: 'x', at: new Date(0) };
  const withProbe = [...says.filter(({ sourceId }) => sourceId !== HUB), probe];
  return {
    attribute: attribute.name,
    title: attribute.title,
    writable: resolveSources(attribute.master, withProbe, masters).winner === probe,
    ...originWire(input, attribute, { ...shown, value: held ?? null }),
    wonAgainst: others.map((say) => ({
      ...originWire(input, attribute, say),
      reason: say.reason,
      message: LOSS_REASONS[say.reason],
    })),
  };
}

function originWire({ rows, names, people }: ProvenanceInput, { name, sensitive }: Attribute, say: Say): OriginWire {
  const row = rows.find(({ sourceId }) => sourceId === say.sourceId);
  const origin = row?.origins[name];
  const by = origin?.by;
  return {
    source: sourceWire(names, say.sourceId),
    value: sensitive && supplies(say.value) ? '••••••••' : say.value,
    at: say.at.toISOString(),
    by: by === undefined ? null : { id: by, name: people.get(by) ?? null },
    traceId: origin?.trace ?? null,
    requestId: origin?.request ?? null,
    jobId: origin?.job ?? null,
  };
}

function sourceWire(names: SourceNames, id: string): SourceWire {
  if (id === HUB) return { id, type: 'HUB', name: PRODUCT };
  const known = names.get(id);
  return known === undefined ? { id, type: 'REMOVED', name: id } : { id, ...known };
}
