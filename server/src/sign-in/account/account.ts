/**
 * A verified identity becomes a signed-in user, or a refusal: read once, decide, commit once; again when something changed in between.
 */

import type { CompiledApplication } from '../../applications/index.ts';
import type { AuthorizationRequest, GrantDraft, TokenUser } from '../../authorization-server/index.ts';
import type { Database } from '../../database/index.ts';
import type { ClientInfo } from '../../http/index.ts';
import type { ExternalIdentity, IdentityProvider } from '../../identity-providers/index.ts';
import type { Configuration } from '../../orgs/index.ts';
import type { SignOnDecision } from '../../routing-rules/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { insertLog, logRows } from '../../system-log/index.ts';
import { permits } from '../dispatch.ts';
import type { SignInPorts } from '../ports.ts';
import type { NewSession, Sessions } from '../sessions/index.ts';
import { signOnEvents, signOnSteps } from '../sessions/sign-on.ts';
import type { Trace } from '../trace/index.ts';
import { CommitConflict, commitSignIn, type Part } from './commit.ts';
import { type Decision, decide } from './decide.ts';
import { plan, userTarget } from './plan.ts';
import { type Compiled, isLinkable, type Prepared, prepare } from './prepare.ts';
import { type AccountFacts, personOf, type ReadInput, readAccount } from './read.ts';
import { explained } from './recorded/explained.ts';
import { traceDecision, traceMapping } from './recorded/traced.ts';
import { refusals } from './refusals.ts';

export interface AccountDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  sessions: Sessions;
  ports: SignInPorts;
}

export interface AccountInput {
  orgId: string;
  idpId: string;
  identity: ExternalIdentity;
  request: AuthorizationRequest | null;
  client: ClientInfo;
  requestId: string;
  trace: Trace;
  /** Keys burnt with the commit: the transaction's, and the identity's own. */
  once: { key: string; until: Date }[];
  previousSession: Buffer | null;
}

export interface SignedIn {
  kind: 'signed-in';
  user: TokenUser;
  session: NewSession;
  /** Null for the portal, and for an application that the user is not assigned to. */
  draft: GrantDraft | null;
  assigned: boolean;
  idp: IdentityProvider;
}

export type AccountOutcome =
  | SignedIn
  | { kind: 'refused'; decision: Extract<Decision, { kind: 'refuse' }>; idp: IdentityProvider }
  /** An enforced routing rule wants the person elsewhere (security.md L11). */
  | { kind: 'forbidden'; rule: string; idp: IdentityProvider }
  /** A sign-on policy denies it; nothing is written. */
  | { kind: 'denied'; signOn: SignOnDecision; idp: IdentityProvider }
  | { kind: 'unusable'; what: 'identity-provider' | 'application'; idp: IdentityProvider | null }
  /** `assertion`: it was the identity's own key that was burnt before, not the transaction's. */
  | { kind: 'replayed'; idp: IdentityProvider; assertion: boolean };

const MAX_ATTEMPTS = 4;

export async function signInWithIdentity(deps: AccountDeps, input: AccountInput): Promise<AccountOutcome> {
  const excluded = new Map<string, string>();
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const configured = await configurationOf(deps, input);
    if ('kind' in configured) return configured;
    const { idp, application, compiled } = configured;
    const prepared = prepare(deps.ports, idp, input.identity, compiled, deps.clock.now());
    const facts = await readAccount(deps.database, readInput(input, idp, prepared, compiled));
    if (!deps.configuration.observe(input.orgId, facts.configurationVersion)) continue;

    const decided = decide({
      identity: { emailKey: prepared.emailKey, emailVerified: input.identity.emailVerified },
      userName: prepared.userName,
      linked: facts.linked,
      byLogin: facts.byLogin,
      byEmail: facts.byEmail,
      byAttribute: facts.byAttribute,
      creation: { ...prepared.problems, loginTaken: facts.loginTaken },
      policy: idp.policy,
      orgCreatesUsers: await deps.ports.org.createsUsers(input.orgId),
    });
    const decision = explained(decided, { identity: input.identity, mapping: compiled.mapping, prepared });
    traceMapping(input.trace, prepared);
    traceDecision(input.trace, decision, facts);
    if (decision.kind === 'refuse') return { kind: 'refused', decision, idp };
    const elsewhere = await boundElsewhere(deps.ports, input, decision, facts, prepared);
    if (elsewhere !== null) return { kind: 'forbidden', rule: elsewhere, idp };
    const own = await compiledFor(deps.ports, input, compiled, typeOf(decision, facts));
    const profileSources = await deps.ports.profileSources(input.orgId);
    const settled = { idp, application, compiled: own, prepared, facts, decision, excluded, profileSources };
    try {
      return await commit(deps, input, settled);
    } catch (error) {
      if (!(error instanceof CommitConflict)) throw error;
      if (error.kind === 'replay') {
        const assertion = input.identity.once.some(({ key }) => error.detail.includes(key));
        return { kind: 'replayed', idp, assertion };
      }
      if (decision.kind !== 'create') exclude(error.kind, excluded, own);
      else if (error.kind === 'value-taken') return { kind: 'refused', decision: refusals.valueTaken(), idp };
    }
  }
  throw new Error('The account or the configuration changed at every attempt to sign in.');
}

interface Configured {
  idp: IdentityProvider;
  application: CompiledApplication | null;
  compiled: Compiled;
}

/** A value that somebody else has must not stop a known person: the old one stays. */
function exclude(kind: CommitConflict['kind'], excluded: Map<string, string>, compiled: Compiled): void {
  if (kind === 'login-taken') excluded.set('login', 'another user has this login');
  if (kind !== 'value-taken') return;
  for (const [name, attribute] of compiled.userSchema.attributes)
    if (attribute.unique) excluded.set(name, 'another user has this value');
}

async function configurationOf(
  deps: AccountDeps,
  input: AccountInput,
): Promise<Configured | Extract<AccountOutcome, { kind: 'unusable' }>> {
  const { ports } = deps;
  const idp = await ports.identityProviders.byId(input.orgId, input.idpId);
  if (idp === null || idp.status !== 'ACTIVE') return { kind: 'unusable', what: 'identity-provider', idp };
  const application = input.request === null ? null : await ports.applications.byId(input.orgId, input.request.appId);
  if (input.request !== null && !ports.authorization.accepts(application, input.request))
    return { kind: 'unusable', what: 'application', idp };
  const compiled: Compiled = {
    userSchema: await ports.schemas.user(input.orgId),
    idpSchema: await ports.schemas.of(input.orgId, input.idpId),
    groupRules: await ports.groupRules.compiled(input.orgId),
    mapping: await ports.mappings.compiled(input.orgId, input.idpId),
  };
  return { idp, application, compiled };
}

/**
 * The name of the enforced rule that does not allow this provider for this person; null where there is none. It also binds who came by
 * `idp=`, by another tab's choice, or after typing somebody else's user name.
 */
async function boundElsewhere(
  { routing }: SignInPorts,
  { orgId, idpId, request, client }: AccountInput,
  decision: Accepted,
  facts: AccountFacts,
  prepared: Prepared,
): Promise<string | null> {
  const person = decision.kind === 'create' ? prepared.created : personOf(facts, decision.userId).profile;
  const route = await routing.decide(orgId, {
    appId: request?.appId ?? null,
    ip: client.ip,
    userAgent: client.userAgent,
    login: String(person.login ?? ''),
    person,
  });
  return permits(route, idpId) ? null : route.rule.name;
}

type Accepted = Exclude<Decision, { kind: 'refuse' }>;

/** The user type of a person who is known already. */
const typeOf = (decision: Accepted, facts: AccountFacts): string | undefined =>
  decision.kind === 'create' ? undefined : personOf(facts, decision.userId).typeId;

/** New people get the default type; known ones are updated by the schema and the mapping of their own. */
async function compiledFor(
  ports: SignInPorts,
  { orgId, idpId }: AccountInput,
  compiled: Compiled,
  typeId: string | undefined,
): Promise<Compiled> {
  if (typeId === undefined || typeId === compiled.userSchema.ownerId) return compiled;
  return {
    ...compiled,
    userSchema: await ports.schemas.user(orgId, typeId),
    mapping: await ports.mappings.compiled(orgId, idpId, typeId),
  };
}

function readInput(input: AccountInput, idp: IdentityProvider, prepared: Prepared, compiled: Compiled): ReadInput {
  const { subject, provisioning } = idp.policy;
  const { userName } = prepared;
  const key = userName.ok ? userName.key : null;
  const custom = subject.matchType === 'CUSTOM_ATTRIBUTE' && userName.ok ? subject.matchAttribute : null;
  const numeric =
    custom !== null && ['number', 'integer'].includes(compiled.userSchema.attributes.get(custom)?.type ?? '');
  return {
    orgId: input.orgId,
    idpId: idp.id,
    issuer: input.identity.issuer,
    // Only a subject that stays the same for ever is a key to a person (rulings 18).
    subject: isLinkable(input.identity) ? input.identity.subject : null,
    claims: input.identity.claims,
    loginKey: subject.matchType === 'USERNAME' || subject.matchType === 'USERNAME_OR_EMAIL' ? key : null,
    emailKey: subject.matchType === 'EMAIL' || subject.matchType === 'USERNAME_OR_EMAIL' ? key : null,
    attribute:
      custom === null || !userName.ok
        ? null
        : { name: custom, value: numeric ? Number(userName.value) : userName.value },
    newLoginKey: prepared.newLoginKey,
    appId: input.request?.appId ?? null,
    groupIds: provisioning.groups.action === 'ASSIGN' ? provisioning.groups.assignments : provisioning.groups.filter,
  };
}

export interface Settled {
  idp: IdentityProvider;
  application: CompiledApplication | null;
  compiled: Compiled;
  prepared: Prepared;
  facts: AccountFacts;
  decision: Accepted;
  excluded: ReadonlyMap<string, string>;
  profileSources: ReadonlySet<string>;
}

async function commit(deps: AccountDeps, input: AccountInput, settled: Settled): Promise<AccountOutcome> {
  const { idp, facts } = settled;
  const now = deps.clock.now();
  const planned = plan({ ports: deps.ports, now, input, settled });
  const { user, groupIds } = planned;
  const signOn = await deps.ports.signOn(input.orgId, { userId: user.id, groupIds, ip: input.client.ip });
  for (const step of signOnSteps(signOn)) input.trace.step(step);
  if (signOn.access === 'DENY') return { kind: 'denied', signOn, idp };
  const authTime =
    input.identity.assurance?.authTime === undefined
      ? now
      : new Date(Math.min(input.identity.assurance.authTime * 1000, now.getTime()));
  const amr = input.identity.assurance?.amr ?? ['fed'];
  const session = deps.sessions.create({
    orgId: input.orgId,
    userId: planned.user.id,
    idpId: idp.id,
    amr,
    authTime,
    client: input.client,
    limits: signOn.session,
    ...(input.identity.logout !== undefined && { logout: input.identity.logout }),
  });
  const target = userTarget(user.id, user.profile);
  const draft =
    input.request === null || !planned.assigned
      ? null
      : deps.ports.authorization.draftGrant(input.request, {
          orgId: input.orgId,
          userId: planned.user.id,
          sessionId: session.id,
          idpId: idp.id,
          amr,
          authTime,
          traceId: input.trace.id,
          user: target,
          applicationLabel: settled.application?.label,
          client: input.client,
          requestId: input.requestId,
        });

  const decided = signOnEvents(signOn, {
    orgId: input.orgId,
    at: now,
    actor: target,
    targets: [target],
    client: input.client,
    requestId: input.requestId,
    transactionId: input.trace.id,
    authentication: { sessionId: session.id },
  });
  const events = [...decided, ...planned.events(session.id), ...(draft?.events ?? [])];
  const parts: Part[] = [
    { part: 'once', rows: input.once },
    ...planned.parts,
    ...(input.previousSession === null
      ? []
      : [{ part: 'end-session', secretSha256: input.previousSession, at: now } as const]),
    { part: 'session', row: session.row },
    ...(draft === null
      ? []
      : [
          {
            part: 'sql',
            name: 'grant',
            sql: deps.ports.authorization.insertGrantSql,
            value: JSON.stringify(draft.row),
          } as const,
        ]),
    { part: 'sql', name: 'log', sql: insertLog, value: logRows(events) },
  ];
  await commitSignIn(deps.database, input.orgId, parts, { configurationVersion: facts.configurationVersion });
  input.trace.step({
    kind: 'account.written',
    outcome: planned.changed.length > 0 || settled.decision.kind !== 'linked' ? 'CHANGED' : 'PASSED',
    detail: [
      { label: 'User', made: planned.user.id },
      { label: 'Changed attributes', made: planned.changed },
      ...planned.rejected.map((line) => ({ label: `kept ${line.attribute}`, made: line.why })),
    ],
  });
  return { kind: 'signed-in', user: planned.user, session, draft, assigned: planned.assigned, idp };
}
