/** What an administrator's change makes of a profile that other sources speak of too. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../shared/json.ts';
import type { CompiledSchema } from '../../profile-schemas/index.ts';
import { HUB, resolveSources } from './priority.ts';
import { mastersOf, type Origin, type SourceRow, saysOf } from './store.ts';

type Profile = Record<string, Json>;

export interface HubChange {
  /** The profile to be checked and stored. */
  profile: Profile;
  /** Everything that the hub says now, with the origin of each value. */
  said: { values: Profile; origins: Record<string, Origin> };
  /** Attributes that the change would alter although another source masters them. */
  mastered: string[];
}

export interface HubChangeInput {
  before: Profile;
  /** As it was sent: null clears. */
  sent: Readonly<Record<string, unknown>>;
  /** What is not sent is gone, unless another source masters it. */
  replace: boolean;
  schema: Pick<CompiledSchema, 'attributes'>;
  sources: readonly SourceRow[];
  profileSources: { has(sourceId: string): boolean };
  /** Since when a value is the hub's that no source has said. */
  since: Date;
  origin: Origin;
}

/**
 * A value that is sent as it is says nothing new, so that whoever reads a profile and sends it back takes nothing over. A value that
 * would not win is refused by name; what a replacement leaves out is no wish to change what others master.
 */
export function hubChange(input: HubChangeInput): HubChange {
  const { before, sent, replace, schema, sources } = input;
  const own = sources.find(({ sourceId }) => sourceId === HUB);
  const others = sources.filter(({ sourceId }) => sourceId !== HUB);
  const said = { values: { ...own?.values }, origins: { ...own?.origins } };
  const change: HubChange = { profile: { ...before }, said, mastered: [] };
  const masters = mastersOf(input.profileSources, sources);
  const say = (name: string, value: Json, at: Origin) => {
    said.values[name] = value;
    said.origins[name] = at;
  };
  const unsay = (name: string) => {
    delete said.values[name];
    delete said.origins[name];
  };
  // A name that the schema no longer knows goes at the next change, whatever that is of.
  const left = Object.keys(before).filter((name) => replace || !schema.attributes.has(name));
  for (const name of new Set([...left, ...Object.keys(sent)])) {
    const attribute = schema.attributes.get(name);
    const value = (Object.hasOwn(sent, name) ? (sent[name] ?? null) : null) as Json;
    const present = before[name] ?? null;
    const contested = others.some(({ values }) => Object.hasOwn(values, name));
    if (attribute === undefined && !Object.hasOwn(sent, name)) {
      delete change.profile[name];
      unsay(name);
    } else if (attribute === undefined || (!contested && value !== null)) {
      // Nobody else speaks of it; an unknown name is left to the schema's check.
      change.profile[name] = value;
      if (!isDeepStrictEqual(said.values[name], value)) say(name, value, input.origin);
    } else if (!contested) {
      delete change.profile[name];
      unsay(name);
    } else if (!isDeepStrictEqual(value, present)) {
      const says = saysOf(sources, name, { value: present, since: input.since });
      const now = { sourceId: HUB, value, at: new Date(input.origin.at) };
      const earlier = resolveSources(attribute.master, says, masters).winner;
      const winner = resolveSources(
        attribute.master,
        [...says.filter(({ sourceId }) => sourceId !== HUB), now],
        masters,
      ).winner;
      if (winner !== null && winner.sourceId !== HUB && winner.sourceId === earlier?.sourceId) {
        if (Object.hasOwn(sent, name)) change.mastered.push(name);
        continue;
      }
      const next = winner?.value ?? null;
      if (next === null) delete change.profile[name];
      else change.profile[name] = next;
      say(name, value, input.origin);
    }
  }
  return change;
}
