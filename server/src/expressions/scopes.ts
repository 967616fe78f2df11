import type { Need } from './functions/row.ts';
import { TEMPLATE_LIMIT } from './limits.ts';

export interface Root {
  /** The binding that the caller supplies; several spellings may share one. */
  binding: string;
  /** Where the set of attributes is closed. */
  attributes?: readonly string[];
}

export interface ScopeRow {
  roots: Readonly<Record<string, Root>>;
  /** Attributes that other scopes have under the same root, with the reason why this one has not. */
  unavailable?: Readonly<Record<string, string>>;
  /** What functions may ask for here: a time, the person's groups. */
  offers?: readonly Need[];
  /** What every result has to be. */
  answers?: 'boolean';
  /** Methods on a root that exist in this scope only. */
  methods?: readonly string[];
  /** User name formats: `${…}` around the whole source is accepted. */
  template?: true;
  maxLength?: number;
}

const IDP_PROFILE = { idpuser: { binding: 'idpuser' }, saml: { binding: 'idpuser' }, appuser: { binding: 'idpuser' } };
const USER = { user: { binding: 'user' } };

/** Who may read what (contract §14). One row per place in which an administrator writes an expression. */
export const SCOPES = {
  /** An identity provider's `userNameTemplate`. Bindings: `idpuser`, the incoming profile; `now`. */
  idpUsername: {
    roots: { ...IDP_PROFILE, source: { binding: 'idpuser' } },
    unavailable: { 'source.userName': 'it is the result of this very expression' },
    offers: ['now'],
    template: true,
    maxLength: TEMPLATE_LIMIT,
  },
  /** A mapping from an identity provider. Bindings: `idpuser`, the incoming profile with `userName` = transformed user name; `user`; `now`. */
  idpToUser: { roots: { ...IDP_PROFILE, source: { binding: 'idpuser' }, ...USER }, offers: ['now'] },
  /** A mapping or user name format towards an application. Bindings: `user`, `app`, `org`, `internal` ({ id, status } of the user). */
  userToApp: {
    roots: {
      source: { binding: 'user' },
      ...USER,
      app: { binding: 'app' },
      org: { binding: 'org', attributes: ['name', 'subDomain'] },
    },
    methods: ['getInternalProperty'],
    template: true,
  },
  /** A claim of an application's tokens. Bindings: `user`, `appuser`, `app`, `session`; `groups` where the expression needs them. */
  claims: {
    roots: {
      ...USER,
      appuser: { binding: 'appuser' },
      app: { binding: 'app' },
      session: { binding: 'session', attributes: ['amr'] },
    },
    offers: ['groups', 'groupLists'],
    methods: ['getGroups', 'isMemberOf'],
  },
  /** A group rule's condition. Bindings: `user`, `groups`. */
  groupRule: { roots: USER, offers: ['groups'], answers: 'boolean' },
  /** `providerExpression` of a dynamic routing rule. Binding: `login`. */
  routing: { roots: { login: { binding: 'login', attributes: ['identifier'] } } },
  /** An event hook's filter. Binding: `event`. */
  hookFilter: { roots: { event: { binding: 'event' } } },
} as const satisfies Record<string, ScopeRow>;

export type Scope = keyof typeof SCOPES;

export function scopeRow(scope: Scope): ScopeRow {
  return SCOPES[scope];
}
