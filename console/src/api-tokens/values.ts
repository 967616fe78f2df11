/** The form of an API token to and from the wire. */
import type { ApiToken } from '../contract.ts';
import { check, missing } from '../interface/form/checks.ts';
import type { TokenInput } from './api.ts';
import { texts } from './texts.ts';

export type TokenValues = { name: string; where: keyof typeof texts.places; zones: string[] };

export const EMPTY: TokenValues = { name: '', where: 'ANYWHERE', zones: [] };

export const WIRE_NAMES: Record<string, keyof TokenValues> = { network: 'zones' };

export function validate(values: TokenValues) {
  return check(
    ['name', missing(values.name, texts.name)],
    ['zones', values.where !== 'ANYWHERE' && values.zones.length === 0 ? texts.zonesMissing : null],
  );
}

export function fromWire({ name, network }: ApiToken): TokenValues {
  if (network.connection === 'ANYWHERE') return { ...EMPTY, name };
  return network.include.length > 0
    ? { name, where: 'IN', zones: network.include }
    : { name, where: 'NOT_IN', zones: network.exclude };
}

/** A token may have zones of both kinds, by the API: those that the form does not show stay while the kind does. */
export function toWire({ name, where, zones }: TokenValues, existing?: ApiToken): TokenInput {
  const trimmed = name.trim();
  if (where === 'ANYWHERE') return { name: trimmed, network: { connection: 'ANYWHERE' } };
  const before = existing?.network;
  const exclude = before?.connection === 'ZONE' && before.include.length > 0 ? before.exclude : [];
  return where === 'IN'
    ? { name: trimmed, network: { connection: 'ZONE', include: zones, exclude } }
    : { name: trimmed, network: { connection: 'ZONE', include: [], exclude: zones } };
}

/** @param nameOf the name of a zone */
export function networkInWords(network: ApiToken['network'], nameOf: (zoneId: string) => string): string {
  if (network.connection === 'ANYWHERE') return texts.anywhere;
  const named = (ids: string[]) => ids.map(nameOf).join(', ');
  return [
    ...(network.include.length > 0 ? [texts.inZones(named(network.include))] : []),
    ...(network.exclude.length > 0 ? [texts.outsideZones(named(network.exclude))] : []),
  ].join('; ');
}
