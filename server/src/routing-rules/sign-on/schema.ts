/** Wire shapes of the OKTA_SIGN_ON policies and their rules (contract §7), and what is stored of them. */
import Type from 'typebox';

export const ACCESS = ['ALLOW', 'DENY'] as const;
export const PROMPT_MODES = ['ALWAYS', 'DEVICE', 'SESSION'] as const;
export const PRIMARY_FACTORS = ['PASSWORD_IDP', 'PASSWORD_IDP_ANY_FACTOR'] as const;
/** What a rule has that says nothing of its sessions: the hub's own idle length, and no end of its own. */
export const DEFAULT_SESSION = { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0 } as const;
/** 90 days: what a client may ask for. The hub's own lengths still hold where they are shorter. */
const MAX_MINUTES = 129_600;

const ids = { type: ['array', 'null'], maxItems: 100, items: { type: 'string', maxLength: 50 } };
const sides = { type: ['object', 'null'], properties: { include: ids, exclude: ids } };
const people = { type: ['object', 'null'], properties: { users: sides, groups: sides } };
const text = { type: ['string', 'null'], maxLength: 200 };

interface Sides {
  include?: string[] | null;
  exclude?: string[] | null;
}

export interface SentPeople {
  users?: Sides | null;
  groups?: Sides | null;
}

export interface SentPolicyConditions {
  people?: SentPeople | null;
}

export const PolicyConditionsInput = Type.Optional(
  Type.Unsafe<SentPolicyConditions | null>({
    type: ['object', 'null'],
    description:
      'Of a sign-on policy: `people.groups.include`, the ids of its groups; a policy without any is for nobody',
    properties: { people },
  }),
);

/** The conditions that only rules of sign-on policies have. */
export const SIGN_ON_CONDITIONS = {
  people,
  authContext: { type: ['object', 'null'], properties: { authType: text } },
};

export interface SentSignOnConditions {
  people?: SentPeople | null;
  authContext?: { authType?: string | null } | null;
}

export interface SentSession {
  usePersistentCookie?: boolean | null;
  maxSessionIdleMinutes?: number | null;
  maxSessionLifetimeMinutes?: number | null;
}

export interface SentSignOn {
  access: (typeof ACCESS)[number];
  requireFactor?: boolean | null;
  factorPromptMode?: (typeof PROMPT_MODES)[number] | null;
  factorLifetime?: number | null;
  rememberDeviceByDefault?: boolean | null;
  primaryFactor?: (typeof PRIMARY_FACTORS)[number] | null;
  session?: SentSession | null;
}

const boolean = { type: ['boolean', 'null'] };
const minutes = (minimum: number, description: string) => ({
  type: ['integer', 'null'],
  minimum,
  maximum: MAX_MINUTES,
  description,
});

export const SignOnInput = Type.Optional(
  Type.Unsafe<SentSignOn>({
    type: 'object',
    required: ['access'],
    properties: {
      access: { type: 'string', enum: [...ACCESS] },
      requireFactor: { ...boolean, description: 'Only false: there is no second factor here' },
      factorPromptMode: {
        type: ['string', 'null'],
        enum: [...PROMPT_MODES, null],
        description: 'Kept, without effect',
      },
      factorLifetime: minutes(0, 'Kept, without effect'),
      rememberDeviceByDefault: { ...boolean, description: 'Kept, without effect' },
      primaryFactor: {
        type: ['string', 'null'],
        enum: [...PRIMARY_FACTORS, null],
        description: 'Kept, without effect',
      },
      session: {
        type: ['object', 'null'],
        properties: {
          usePersistentCookie: { ...boolean, description: 'Only false: the cookie of a session ends with the browser' },
          maxSessionIdleMinutes: minutes(1, 'Never longer than two hours in effect'),
          maxSessionLifetimeMinutes: minutes(0, '0: no limit of its own; never longer than twelve hours in effect'),
        },
      },
    },
  }),
);

/** The `conditions` column of such a policy. */
export interface PolicyConditions {
  groups: string[];
}

/** The `conditions` column of such a rule. */
export interface SignOnConditions {
  /** Absent: anywhere. Ids of zones, or ALL_ZONES. */
  network?: { include: string[]; exclude: string[] };
  /** Ids of people. */
  except: string[];
}

/** The `actions` column of such a rule. */
export interface SignOnActions {
  access: (typeof ACCESS)[number];
  session: { maxSessionIdleMinutes: number; maxSessionLifetimeMinutes: number };
  /** What a client sent of factors, to be sent back. */
  factors: Pick<SentSignOn, 'factorPromptMode' | 'factorLifetime' | 'rememberDeviceByDefault' | 'primaryFactor'>;
}
