/**
 * The contract of every kind of identity provider: send the person away, and make sense of what comes back. Mapping, matching and
 * linking happen after a connector, never in one. (rulings 21)
 */
import type { Json } from '../shared/json.ts';
import type { Result } from '../shared/result.ts';
import type { TraceWriter } from '../sign-in/index.ts';

export interface SignInStart {
  /** {B} of the org. */
  baseUrl: string;
  /** The opaque handle that the provider must send back. */
  state: string;
  now: Date;
  loginHint?: string;
  prompt?: string;
  maxAge?: number;
  acrValues?: string;
  uiLocales?: string;
  application?: { id: string; name: string };
}

export type Outgoing =
  | { kind: 'redirect'; url: string }
  | { kind: 'form'; action: string; fields: Record<string, string> };

export interface Begun {
  outgoing: Outgoing;
  /** The address of the hub where the provider must send the person back; an answer that arrives at another one is refused. */
  returnsTo: string;
  /** What must be known again when the person comes back (nonce, PKCE verifier, request id); sealed, at most about 1 KB. */
  remember: Json;
}

/** What the browser brought to the callback: query or form parameters. */
export interface Incoming {
  params: URLSearchParams;
}

export interface FinishContext {
  baseUrl: string;
  now: Date;
  trace: TraceWriter;
}

export interface Assurance {
  acr?: string;
  amr?: string[];
  /** Epoch seconds. */
  authTime?: number;
}

export interface ExternalIdentity {
  /** OIDC `sub` or SAML NameID. */
  subject: string;
  subjectFormat: 'oidc' | 'persistent' | 'emailAddress' | 'transient' | 'unspecified';
  issuer: string;
  /** What the provider asserted, under its own names: claims or SAML attributes. Nothing that was not verified. */
  claims: Record<string, Json>;
  /** true or false where the provider said so with a boolean (or "true"/"false"); null where it said nothing. Another type counts as false. */
  emailVerified: boolean | null;
  groups?: string[];
  assurance?: Assurance;
  /** Where the provider said who the person is and nothing else about them: what to tell the administrator if that is not enough. */
  silence?: { reason: string; hint: string };
  /** What the provider must know again to end its session with the person; kept with the hub's session. */
  logout?: LogoutHandle;
  /** Identifiers to burn in the sign-in's commit (assertion ids). */
  once: { key: string; until: Date }[];
}

/** Who the person is to the provider, and in which session of it; `nameId` and `sessionIndex` find the hub's session again. */
export interface LogoutHandle {
  nameId: string;
  format: string | null;
  nameQualifier: string | null;
  spNameQualifier: string | null;
  sessionIndex: string | null;
}

/** A request of the provider to end sessions, proven to be the provider's. */
export interface LogoutWish {
  nameId: string;
  /** Empty: every session of the person that came from this provider. */
  sessionIndexes: string[];
  /** To burn, so that the request works once. */
  once: { key: string; until: Date };
  /** How the provider is told that it was done. */
  answer: Outgoing;
}

/** The optional ability to end a session on both sides (single logout). */
export interface CanLogOut {
  /** Sends the person to the provider, whose session ends there. */
  begin(input: { handle: LogoutHandle; now: Date }): Outgoing;
  receive(input: {
    baseUrl: string;
    now: Date;
    /** Form parameters; null where the message came in the query. */
    form: URLSearchParams | null;
    /** The query as it arrived, without the question mark. */
    query: string;
  }): Result<LogoutWish, Refusal>;
}

/** Why a sign-in cannot go on: for the log, for the person, for the application. */
export interface Refusal {
  /** Stable code, for example 'user_canceled_request', 'id_token_nonce', 'userinfo_not_json' (contract §13 rows 19-22). */
  code: string;
  /** What happened, what was expected, what was found: for the administrator. */
  reason: string;
  /** What to do about it, when known (for example the preset's lint). */
  hint?: string;
  /** The OAuth error for the application. */
  client: { error: string; description: string };
  /** Whether trying again may help (cancelled, unavailable, expired): then the person gets a page first (rulings 15). */
  recoverable: boolean;
}

export interface Connector {
  /** Absent: the provider knows no logout, or takes no part in it. */
  logout?: CanLogOut;
  begin(start: SignInStart): Promise<Begun>;
  finish(
    incoming: Incoming,
    remembered: Json | null,
    context: FinishContext,
  ): Promise<Result<ExternalIdentity, Refusal>>;
}
