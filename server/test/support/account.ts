/** Values for tests of the account decision: a policy, people, a provider and the ports, all with the house's own modules behind them. */
import { compileRules } from '../../src/directory/group-rules/evaluate.ts';
import { compileSchema } from '../../src/directory/profile-schemas/change.ts';
import {
  type CompiledSchema,
  coerce,
  type Definition,
  validateProfile,
} from '../../src/directory/profile-schemas/index.ts';
import { valueRows } from '../../src/directory/profile-schemas/values.ts';
import { canonicalEmail, canonicalLogin, resolveSources } from '../../src/directory/users/index.ts';
import { compile } from '../../src/expressions/index.ts';
import type { ExternalIdentity, IdentityProvider, IdpPolicy } from '../../src/identity-providers/index.ts';
import { compileMapping } from '../../src/profile-mappings/compile.ts';
import { type ProfileRules, sourceProfile } from '../../src/profile-mappings/index.ts';
import { profileUpdate } from '../../src/profile-mappings/update/profile-update.ts';
import type { Json } from '../../src/shared/json.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import type { Candidate } from '../../src/sign-in/account/decide.ts';
import type { Compiled } from '../../src/sign-in/account/prepare.ts';
import type { SignInPorts } from '../../src/sign-in/ports.ts';

export const ORG = '00oTest00000000000org';
export const IDP = '0oaTest00000000000idp';
export const ISSUER = 'https://idp.example.com';

export interface PolicyChange {
  accountLink?: Partial<IdpPolicy['accountLink']>;
  provisioning?: Partial<IdpPolicy['provisioning']>;
  subject?: Partial<IdpPolicy['subject']>;
  trustEmail?: IdpPolicy['trustEmail'];
  trustedDomains?: string[];
}

/** AUTO in everything, matched by user name: what the guides set up. */
export function policyWith(change: PolicyChange = {}): IdpPolicy {
  return {
    accountLink: { action: 'AUTO', includeGroups: null, excludeUsers: [], excludeAdmins: true, ...change.accountLink },
    provisioning: {
      action: 'AUTO',
      profileMaster: true,
      groups: { action: 'NONE', assignments: [], sourceAttributeName: null, filter: [] },
      deprovisioned: 'NONE',
      suspended: 'NONE',
      ...change.provisioning,
    },
    subject: {
      template: expression('idpuser.email', 'idpUsername'),
      templateSource: 'idpuser.email',
      filter: null,
      filterSource: null,
      matchType: 'USERNAME',
      matchAttribute: null,
      ...change.subject,
    },
    maxClockSkewSeconds: 60,
    trustEmail: change.trustEmail ?? 'PROVIDER',
    trustedDomains: change.trustedDomains ?? [],
  };
}

export function expression(source: string, scope: 'idpUsername' | 'idpToUser') {
  const compiled = compile(source, scope);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.error.map((error) => error.message).join('; ')}`);
  return compiled.value;
}

/** An active person with a verified address, a password and no link. */
export function candidateWith(change: Partial<Candidate> = {}): Candidate {
  return {
    id: '00uGary',
    status: 'ACTIVE',
    isAdministrator: false,
    groupIds: [],
    linkedToThisIdp: false,
    hasPassword: true,
    emailVerified: true,
    createdByAdministrator: true,
    loginKey: 'gary@example.com',
    emailKey: 'gary@example.com',
    ...change,
  };
}

export function identityWith(claims: Record<string, Json>, change: Partial<ExternalIdentity> = {}): ExternalIdentity {
  const verified = claims.email_verified;
  return {
    subject: 'sub-1',
    subjectFormat: 'oidc',
    issuer: ISSUER,
    claims,
    emailVerified: typeof verified === 'boolean' ? verified : null,
    once: [],
    ...change,
  };
}

export function userSchemaWith(
  custom: Record<string, Definition> = {},
  base: Record<string, Partial<Definition>> = {},
): CompiledSchema {
  return compileSchema({
    id: 'oscUser',
    ownerKind: 'user_type',
    ownerId: 'otyDefault',
    name: 'user',
    version: 1,
    custom,
    base,
  });
}

export function idpSchemaWith(custom: Record<string, Definition> = {}): CompiledSchema {
  return compileSchema({
    id: 'oscIdp',
    ownerKind: 'idp',
    ownerId: IDP,
    name: 'oidc_idp',
    version: 1,
    custom,
    base: {},
  });
}

/** Target → expression; each pushes at every sign-in. */
export const mappingOf = (expressions: Record<string, string>) =>
  compileMapping(
    Object.fromEntries(
      Object.entries(expressions).map(([target, source]) => [
        target,
        { expression: source, pushStatus: 'PUSH' as const },
      ]),
    ),
  );

export const DEFAULT_MAPPING = {
  login: 'appuser.email',
  email: 'appuser.email',
  firstName: 'appuser.firstName',
  lastName: 'appuser.lastName',
};

/** Everyone, as group rules know it. */
export const EVERYONE = { id: '00gEveryone', name: 'Everyone' };

export function compiledWith(change: Partial<Compiled> = {}): Compiled {
  return {
    userSchema: userSchemaWith(),
    idpSchema: idpSchemaWith(),
    mapping: mappingOf(DEFAULT_MAPPING),
    groupRules: compileRules([], new Map(), EVERYONE),
    ...change,
  };
}

export function providerWith(policy: IdpPolicy = policyWith()): IdentityProvider {
  const unused = async () => {
    throw new Error('No connector in this test.');
  };
  return {
    id: IDP,
    orgId: ORG,
    type: 'OIDC',
    name: 'ID.me IdP - OIDC',
    displayName: 'ID.me',
    status: 'ACTIVE',
    issuer: ISSUER,
    saml: null,
    policy,
    transactionLifetimeMs: 900_000,
    connector: { begin: unused, finish: unused },
    preset: null,
  };
}

const textual =
  <P>(canonical: (text: string) => Result<string, P>) =>
  (text: string): Result<string, string> => {
    const result = canonical(text);
    return result.ok ? ok(result.value) : err(String(result.error));
  };

const coerceAll: SignInPorts['schemas']['coerce'] = (schema, values) => {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const attribute = schema.attributes.get(name);
    return attribute === undefined ? [] : [{ name, result: value === '' ? ok(value) : coerce(attribute, value) }];
  });
  return {
    values: Object.fromEntries(entries.flatMap(({ name, result }) => (result.ok ? [[name, result.value]] : []))),
    violations: entries.flatMap(({ result }) => (result.ok ? [] : [result.error])),
  };
};

/** The directory's rules, as mappings ask for them. */
export const rules: ProfileRules = {
  coerce: coerceAll,
  validate: validateProfile,
  canonicalLogin: textual(canonicalLogin),
  resolve: resolveSources,
};

/** The pure ports of the account decision. */
export const pure: Pick<SignInPorts, 'schemas' | 'profileSources' | 'canonicalLogin' | 'canonicalEmail'> & {
  mappings: Pick<SignInPorts['mappings'], 'sourceProfile' | 'profileUpdate'>;
} = {
  canonicalLogin: textual(canonicalLogin),
  canonicalEmail: textual(canonicalEmail),
  profileSources: async () => new Set([IDP]),
  mappings: { sourceProfile, profileUpdate: (compiled, input) => profileUpdate(rules, compiled, input) },
  schemas: {
    user: async () => userSchemaWith(),
    of: async () => idpSchemaWith(),
    validate: validateProfile,
    valueRows: (schema, profile) => valueRows(schema, profile, new Uint8Array(32)),
    coerce: coerceAll,
  },
};
