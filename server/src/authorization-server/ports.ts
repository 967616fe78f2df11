/** What the authorization server asks of the rest of the house; app.ts supplies it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Json } from '../shared/json.ts';
import type { Logger } from '../shared/log.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import type { Trace, TraceFacts } from '../sign-in/index.ts';
import type { Clients } from './client.ts';
import type { Lifetimes } from './issue/lifetimes.ts';
import type { AuthorizationRequest } from './request.ts';

export interface AuthorizationServerDeps {
  database: Database;
  configuration: Configuration;
  secretBox: SecretBox;
  clock: Clock;
  log: Logger;
  applications: Clients;
  identityProviders: { isUsable(orgId: string, id: string): Promise<boolean> };
  /** How often clients of one network may fail to prove themselves in a minute. */
  failuresPerMinute(orgId: string): Promise<number>;
  /** The scopes of the management API that an application may ask for. */
  apiScopes(orgId: string, appId: string): Promise<ReadonlySet<string>>;
  signIn: SignInPort;
  traces: {
    start(orgId: string, facts?: TraceFacts): Trace;
    resume(orgId: string, id: string): Trace;
  };
  pages: Pages;
  lifetimes?: Partial<Lifetimes>;
}

export interface SignInPort {
  /** The browser's usable session, or null; no statement without a session cookie, one with it. */
  session(request: FastifyRequest): Promise<ActiveSession | null>;
  /** Makes a session token the browser's session; null for one that is worth nothing. */
  startSession(request: FastifyRequest, reply: FastifyReply, sessionToken: string): Promise<ActiveSession | null>;
  /** Lets the person sign in; the sign-in comes back through `draftGrant` and `respond`. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    authorization: AuthorizationRequest,
    trace: Trace,
  ): Promise<FastifyReply>;
  endSession(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export interface ActiveSession {
  id: string;
  userId: string;
  idpId: string | null;
  amr: string[];
  authTime: Date;
  user: TokenUser;
  /** Whether the user is assigned to an application, Everyone's assignments left out. */
  assigned(appId: string): boolean | Promise<boolean>;
  /** Whether a sign-in of this kind is good enough for the application: an enforced routing rule may want another one (security.md L11). */
  permitted(appId: string): boolean | Promise<boolean>;
}

/** Of whom tokens speak. */
export interface TokenUser {
  id: string;
  login: string;
  profile: Record<string, Json>;
  emailVerified: boolean;
  lastUpdated: Date;
  /** The user type, whose mapping to the application counts; absent as long as no claim needs the application's profile. */
  typeId?: string;
  appProfile: Record<string, Json>;
  /** Everyone among them; absent where no claim needs them. */
  groups?: readonly UserGroup[];
}

/** A group of the user's, as claims read it. */
export interface UserGroup {
  id: string;
  name: string;
  type: string;
}

/** The pages that these endpoints show. Nothing in them is trusted: texts must be escaped. */
export interface Pages {
  /** An answer that must not leave the hub (contract §11.2). */
  problem(request: FastifyRequest, reply: FastifyReply, problem: PageProblem): FastifyReply | Promise<FastifyReply>;
  /** Asks whether to sign out; the form posts `fields` to `action` (security.md P10). */
  confirmSignOut(
    request: FastifyRequest,
    reply: FastifyReply,
    form: { action: string; fields: Record<string, string> },
  ): FastifyReply | Promise<FastifyReply>;
  /** Posts the fields to the application at once, or by a button where scripts are off (Form Post Response Mode §2, security.md P5). */
  posting(
    request: FastifyRequest,
    reply: FastifyReply,
    form: { action: string; fields: Record<string, string> },
  ): FastifyReply | Promise<FastifyReply>;
}

export interface PageProblem {
  status: number;
  error: string;
  description: string;
  traceId: string | null;
}
