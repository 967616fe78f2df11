/** Mappings from a user's profile to the user's profile at an application: compiled and evaluated (contract §6, §14). Pure. */
import { compile, type Expression } from '../../expressions/index.ts';
import type { Json } from '../../shared/json.ts';
import type { StoredProperties } from '../schema.ts';
import type { StoredMapping } from '../store.ts';

export interface OutboundSource {
  user: Record<string, Json>;
  app: { id: string; label: string };
  /** Of the user: what `user.getInternalProperty` answers. */
  internal: { id: string; status: string };
}

export interface OutboundMapping {
  /** Attributes that always follow the user's profile. */
  pushed: ReadonlySet<string>;
  /** What each expression gives; one that gives nothing, or fails on this user, is left out. Never throws. */
  evaluate(source: OutboundSource): { pushed: Record<string, Json>; atAssignment: Record<string, Json> };
}

export interface OutboundMappings {
  /** From a user type, the default one unless it is named; null where nothing is mapped. */
  to(appId: string, userTypeId?: string): OutboundMapping | null;
}

type Org = { name: string; subDomain: string };

export function compileOutbound(mappings: readonly StoredMapping[], defaultTypeId: string, org: Org): OutboundMappings {
  const toApps = mappings.filter((mapping) => mapping.targetKind === 'appuser' && !isEmpty(mapping.properties));
  const compiled = new Map(toApps.map((one) => [`${one.sourceId} ${one.targetId}`, compileOne(one.properties, org)]));
  return { to: (appId, userTypeId = defaultTypeId) => compiled.get(`${userTypeId} ${appId}`) ?? null };
}

const isEmpty = (properties: StoredProperties) => Object.keys(properties).length === 0;

function compileOne(properties: StoredProperties, org: Org): OutboundMapping {
  const lines = Object.entries(properties).flatMap(([target, { expression, pushStatus }]) => {
    const program = compile(expression, 'userToApp');
    return program.ok ? [{ target, program: program.value, push: pushStatus === 'PUSH' }] : [];
  });
  return {
    pushed: new Set(lines.filter(({ push }) => push).map(({ target }) => target)),
    evaluate(source) {
      const result = { pushed: {} as Record<string, Json>, atAssignment: {} as Record<string, Json> };
      for (const { target, program, push } of lines) {
        const value = made(program, { ...source, org });
        if (value !== null) (push ? result.pushed : result.atAssignment)[target] = value;
      }
      return result;
    },
  };
}

/** A null inside a text, as in "null Doe", is no value. */
function made(program: Expression, bindings: Record<string, unknown>): Json {
  const result = program.evaluate(bindings);
  return result.ok && !result.value.usedNull ? result.value.value : null;
}
