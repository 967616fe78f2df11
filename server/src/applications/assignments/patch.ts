/**
 * Changes of a group's assignment (contract §8.2): some of its fields, or the operations of JSON Patch (RFC 6902) that say the same.
 * Pure.
 */
import Type from 'typebox';
import { apiErrors } from '../../http/index.ts';
import { isUnsafeName, type Json } from '../../shared/json.ts';
import { type AppGroupBody, safeProfile } from './context.ts';

const MAX_PRIORITY = 1000;
const optional = (type: string, extra: object = {}) =>
  Type.Optional(Type.Unsafe<unknown>({ type: [type, 'null'], ...extra }));

export const GroupInput = Type.Object({
  priority: optional('integer', { minimum: 0, maximum: MAX_PRIORITY }),
  profile: optional('object'),
});

export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  /** `/priority`, `/profile` or `/profile/{attribute}`. */
  path: string;
  value?: Json;
}

export type GroupPatch = AppGroupBody | PatchOperation[];

export const GroupPatchInput = Type.Unsafe<GroupPatch>({
  anyOf: [
    GroupInput,
    {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['op', 'path'],
        properties: { op: { enum: ['add', 'replace', 'remove'] }, path: { type: 'string', maxLength: 400 }, value: {} },
      },
    },
  ],
});

export interface GroupSettings {
  priority: number;
  profile: Record<string, Json>;
}

/** Fields that are not sent stay; attributes are merged. Throws E0000001. */
export function patched({ priority, profile }: GroupSettings, patch: GroupPatch): GroupSettings {
  if (Array.isArray(patch)) return patch.reduce(applied, { priority, profile });
  return { priority: patch.priority ?? priority, profile: { ...profile, ...safeProfile(patch.profile) } };
}

function applied(group: GroupSettings, { op, path, value }: PatchOperation): GroupSettings {
  const [field, attribute, ...deeper] = path.split('/').slice(1).map(unescaped);
  const removed = op === 'remove';
  if (path === '/priority') return { ...group, priority: removed ? 0 : priorityOf(value) };
  if (path === '/profile') return { ...group, profile: removed ? {} : profileOf(value) };
  if (
    field !== 'profile' ||
    attribute === undefined ||
    attribute === '' ||
    deeper.length > 0 ||
    isUnsafeName(attribute)
  )
    throw apiErrors.validation('path', `path: "${path}" is none of /priority, /profile and /profile/{attribute}`);
  const { [attribute]: _before, ...others } = group.profile;
  return { ...group, profile: removed ? others : { ...others, [attribute]: value ?? null } };
}

/** RFC 6901 §4. */
const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function priorityOf(value: Json | undefined): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_PRIORITY) return value;
  throw apiErrors.validation('priority', `priority: expected a whole number from 0 to ${MAX_PRIORITY}`);
}

function profileOf(value: Json | undefined): Record<string, Json> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return safeProfile(value);
  throw apiErrors.validation('profile', 'profile: expected an object of attributes');
}
