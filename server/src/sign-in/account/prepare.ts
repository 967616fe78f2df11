/** From a verified identity to what the decision needs: the source profile, the transformed user name, the new user's profile. Pure. */
import type { CompiledRules } from '../../directory/group-rules/index.ts';
import type { CompiledSchema, Violation } from '../../directory/profile-schemas/index.ts';
import type { ExternalIdentity, IdentityProvider } from '../../identity-providers/index.ts';
import type { CompiledMapping, MappingSource } from '../../profile-mappings/index.ts';
import type { Json } from '../../shared/json.ts';
import type { SignInPorts } from '../ports.ts';
import type { CreationProblems, UserName } from './decide.ts';

export type Profile = Record<string, Json>;

export interface Compiled {
  userSchema: CompiledSchema;
  idpSchema: CompiledSchema;
  mapping: CompiledMapping;
  groupRules: CompiledRules;
}

export interface Prepared {
  /** What the provider said, under its own and the profile's names. */
  source: Profile;
  userName: UserName;
  emailKey: string | null;
  /** The profile that a new user would get. */
  created: Profile;
  /** Mappings that gave no value, and why. */
  unmapped: { target: string; message: string }[];
  newLoginKey: string | null;
  newEmailKey: string | null;
  problems: Omit<CreationProblems, 'loginTaken'>;
}

/** Whether the subject is the person's from one sign-in to the next: an OIDC `sub`, a persistent NameID that is honoured. */
export const isLinkable = ({ subjectFormat }: ExternalIdentity): boolean =>
  subjectFormat === 'oidc' || subjectFormat === 'persistent';

type Ports = Pick<SignInPorts, 'schemas' | 'canonicalLogin' | 'canonicalEmail'> & {
  mappings: Pick<SignInPorts['mappings'], 'sourceProfile'>;
};

export function prepare(
  ports: Ports,
  idp: IdentityProvider,
  identity: ExternalIdentity,
  compiled: Compiled,
  now: Date,
): Prepared {
  const source = ports.mappings.sourceProfile(compiled.idpSchema, identity.claims);
  const userName = transform(ports, idp, { idpuser: source, now });
  const email = source.email;
  const emailKey = typeof email === 'string' ? canonical(ports.canonicalEmail(email)) : null;
  const created = creation(ports, compiled, {
    appuser: source,
    userName: userName.ok ? userName.value : null,
    user: null,
    now,
  });
  return { source, userName, emailKey, ...created };
}

const canonical = (result: { ok: true; value: string } | { ok: false }) => (result.ok ? result.value : null);

/** A refused value as it may stand in a log: short, without control characters or half a character. */
const shown = (text: string) => text.slice(0, 100).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');

/** Step B and row 12: a null, an empty result or a null inside a concatenation is no user name (rulings 20). */
function transform(ports: Ports, idp: IdentityProvider, bindings: { idpuser: Profile; now: Date }): UserName {
  const { template } = idp.policy.subject;
  const result = template.evaluate(bindings);
  if (!result.ok)
    return {
      ok: false,
      code: 'failed_username_transform',
      detail: `The username expression failed: ${result.error.message}`,
    };
  const { value, usedNull } = result.value;
  if (value === null || value === '' || usedNull) {
    const missing = template.references.find((reference) => bindings.idpuser[reference.path[0] ?? ''] == null);
    return { ok: false, code: 'missed_field', detail: missing?.path.join('.') ?? template.source };
  }
  if (typeof value === 'object') return { ok: false, code: 'invalid_expression', detail: template.source };
  const text = String(value).trim();
  if (/\s/.test(text)) return { ok: false, code: 'whitespace', detail: '', value: shown(text) };
  const key = ports.canonicalLogin(text);
  return key.ok
    ? { ok: true, value: text, key: key.value }
    : {
        ok: false,
        code: 'failed_username_transform',
        detail: `The username '${shown(text)}' is refused: ${key.error}`,
      };
}

/** The mapped profile of a new user and what stands against it (rows 9-11). Without a mapping for it, the login is the user name. */
function creation(ports: Ports, { userSchema, mapping }: Compiled, source: MappingSource) {
  const { userName } = source;
  const mapped = mapping.evaluate(source, 'create');
  const { values, violations } = ports.schemas.coerce(userSchema, mapped.values);
  const created: Profile = {};
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== '') created[name] = value;
  if (created.login === undefined && userName !== null) created.login = userName;
  const login = String(created.login ?? '');
  const newLoginKey = canonical(ports.canonicalLogin(login));
  const all = [...violations, ...ports.schemas.validate(userSchema, created)];
  return {
    created,
    unmapped: mapped.problems,
    newLoginKey,
    newEmailKey: typeof created.email === 'string' ? canonical(ports.canonicalEmail(created.email)) : null,
    problems: problemsOf(all, login, newLoginKey),
  };
}

function problemsOf(
  violations: readonly Violation[],
  login: string,
  newLoginKey: string | null,
): Omit<CreationProblems, 'loginTaken'> {
  const named = (rules: readonly string[]) => [
    ...new Set(violations.filter((v) => v.attribute !== 'login' && rules.includes(v.rule)).map((v) => v.attribute)),
  ];
  const loginViolations = violations.filter((v) => v.attribute === 'login');
  return {
    invalidLogin:
      login !== '' && (newLoginKey === null || !login.includes('@') || loginViolations.length > 0)
        ? shown(login)
        : null,
    missing: [...named(['required']), ...(login === '' ? ['login'] : [])],
    pattern: named(['pattern', 'format']),
    tooLong: named(['too_long']),
    other: named(['type', 'too_short', 'enum', 'unknown']),
  };
}
