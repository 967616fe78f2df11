/** Wire shapes of policies and of their rules (contract §7), and what is stored of routing rules; fields marked "own" are not in the contract. */
import Type, { type Static } from 'typebox';
import type { IdentifierCondition, PlatformCondition } from './conditions/index.ts';
import { PolicyConditionsInput, type SentSignOnConditions, SIGN_ON_CONDITIONS, SignOnInput } from './sign-on/schema.ts';

export const POLICY_TYPES = ['IDP_DISCOVERY', 'ACCESS_POLICY', 'OKTA_SIGN_ON'] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];
export const PRESENTATIONS = ['PAGE', 'REDIRECT'] as const;
export const PROVIDER_TYPES = ['OIDC', 'SAML2', 'OKTA'] as const;
export const MAX_PROVIDERS = 10;

const nullable = <T>(type: string, extra: object = {}) =>
  Type.Optional(Type.Unsafe<T | null>({ type: [type, 'null'], ...extra }));
const list = <T>(properties: object, required: string[] = []) =>
  nullable<T[]>('array', { maxItems: 100, items: { type: 'object', properties, required } });
const text = { type: ['string', 'null'], maxLength: 200 };
const longText = { type: ['string', 'null'], maxLength: 1000 };
const os = { type: ['object', 'null'], properties: { type: text, expression: longText } };
const ids = { type: ['array', 'null'], maxItems: 100, items: { type: 'string', maxLength: 50 } };

export interface AppCondition {
  type: string;
  id?: string | null;
  name?: string | null;
}

interface Pattern {
  matchType?: string | null;
  value?: string | null;
}

interface MatchCriterion {
  providerExpression?: string | null;
  propertyName?: string | null;
}

interface SentPlatform {
  type?: string | null;
  os?: { type?: string | null; expression?: string | null } | null;
}

/** Of a routing rule (`actions.idp`) or of a rule of a sign-on policy (`actions.signon`). Fields that are not named here are ignored. */
export const RuleInput = Type.Object({
  type: nullable<string>('string'),
  name: Type.String({ minLength: 1, maxLength: 50 }),
  priority: nullable<number>('integer'),
  status: nullable<string>('string'),
  conditions: nullable<
    SentSignOnConditions & {
      network?: { connection?: string | null; include?: string[] | null; exclude?: string[] | null } | null;
      userIdentifier?: { type?: string | null; attribute?: string | null; patterns?: Pattern[] | null } | null;
      app?: { include?: AppCondition[] | null; exclude?: AppCondition[] | null } | null;
      platform?: { include?: SentPlatform[] | null; exclude?: SentPlatform[] | null } | null;
    }
  >('object', {
    properties: {
      network: {
        type: ['object', 'null'],
        properties: { connection: text, include: ids, exclude: ids },
      },
      userIdentifier: {
        type: ['object', 'null'],
        properties: { type: text, attribute: text, patterns: list({ matchType: text, value: longText }) },
      },
      app: {
        type: ['object', 'null'],
        properties: {
          include: list({ type: text, id: text, name: text }, ['type']),
          exclude: list({ type: text, id: text, name: text }, ['type']),
        },
      },
      platform: {
        type: ['object', 'null'],
        properties: { include: list({ type: text, os }), exclude: list({ type: text, os }) },
      },
      ...SIGN_ON_CONDITIONS,
    },
  }),
  actions: Type.Object({
    idp: Type.Optional(
      Type.Object({
        providers: list<{ type: string; id?: string | null }>({ type: { type: 'string' }, id: text, name: text }, [
          'type',
        ]),
        idpSelectionType: nullable<string>('string'),
        matchCriteria: list<MatchCriterion>({ providerExpression: longText, propertyName: text }),
        shouldFallBackToOkta: nullable<boolean>('boolean'),
        presentation: nullable<string>('string', { description: 'own: PAGE or REDIRECT; null for the default' }),
        enforce: nullable<boolean>('boolean', {
          description: 'own: whether the rule also binds a person who came past it',
        }),
      }),
    ),
    signon: SignOnInput,
  }),
});
export type AnyRuleBody = Static<typeof RuleInput>;
/** Of a routing rule. */
export type RuleBody = AnyRuleBody & { actions: { idp: NonNullable<AnyRuleBody['actions']['idp']> } };

export const PolicyInput = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 50 }),
  description: nullable<string>('string', { maxLength: 1000 }),
  priority: nullable<number>('integer'),
  conditions: PolicyConditionsInput,
});
export type PolicyBody = Static<typeof PolicyInput>;

export const NewPolicyInput = Type.Intersect([
  Type.Object({ type: Type.String({ maxLength: 100 }), status: nullable<string>('string') }),
  PolicyInput,
]);
export type NewPolicyBody = Static<typeof NewPolicyInput>;

/** The `conditions` column of a routing rule. */
export interface RuleConditions {
  /** Absent: anywhere. Ids of zones, or ALL_ZONES. */
  network?: { include: string[]; exclude: string[] };
  /** Absent: every device. */
  platform?: PlatformCondition;
  /** Absent: everybody. */
  userIdentifier?: IdentifierCondition;
  app: { include: StoredApp[]; exclude: StoredApp[] };
}

export type StoredApp = { type: 'APP'; id: string } | { type: 'APP_TYPE'; name: string };

/** The `actions` column of a routing rule. */
export interface RuleActions {
  /** Empty for a dynamic rule. */
  providers: { type: (typeof PROVIDER_TYPES)[number]; id?: string }[];
  /** Present for a dynamic rule: the provider whose name the expression makes of the login. */
  dynamic?: { providerExpression: string; fallBack: boolean };
  presentation: (typeof PRESENTATIONS)[number] | null;
  enforce: boolean;
}
