/** How those who act, and what they act on, are called in the System Log. */
import type { LogParty } from '../contract.ts';
import { texts } from './texts.ts';

const HUB = 'SystemPrincipal';
/** Applications and identity providers alike, which their names tell apart better than this type does. */
const APPLICATION = 'AppInstance';

/** People by their login; the hub itself by its name. */
export function actorOf({ type, alternateId, displayName, id }: LogParty): string {
  return type === HUB ? (displayName ?? id) : (alternateId ?? displayName ?? id);
}

export function targetOf({ displayName, alternateId, id }: LogParty): string {
  return displayName ?? alternateId ?? id;
}

/** A name with the kind of thing that bears it, in words: types without a row are written apart, `NetworkZone` as "network zone". */
export function withKind(name: string, { type }: LogParty): string {
  if (type === HUB || type === APPLICATION) return name;
  return `${name} (${texts.kinds[type] ?? type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()})`;
}
