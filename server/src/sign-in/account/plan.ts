/** From a decision to the parts of the commit and its log events. Pure. */
import type { CompiledApplication } from '../../applications/index.ts';
import type { TokenUser } from '../../authorization-server/index.ts';
import type { ProfileUpdate } from '../../profile-mappings/index.ts';
import { newId } from '../../shared/ids.ts';
import type { EventInput, LogTarget } from '../../system-log/index.ts';
import type { SignInPorts } from '../ports.ts';
import type { AccountInput, Settled } from './account.ts';
import type { Part } from './commit.ts';
import type { GroupChange } from './memberships/groups.ts';
import { membershipsOf } from './memberships/memberships.ts';
import type { Profile } from './prepare.ts';
import { isLinkable } from './prepare.ts';
import { CREATED_BY_JIT, personOf, type StoredUser } from './read.ts';
import { federationEvents } from './recorded/events.ts';

export interface Plan {
  user: TokenUser;
  parts: Part[];
  changed: string[];
  rejected: { attribute: string; why: string }[];
  assigned: boolean;
  /** Of the person after this sign-in, Everyone left out. */
  groupIds: string[];
  events(sessionId: string): EventInput[];
}

export interface PlanInput {
  ports: SignInPorts;
  now: Date;
  input: AccountInput;
  settled: Settled;
}

/** What a plan knows before groups, assignment and events are added. */
interface Draft {
  userId: string;
  profile: Profile;
  emailVerified: boolean;
  lastUpdated: Date;
  parts: Part[];
  changed: string[];
  rejected: { attribute: string; why: string }[];
  stored: StoredUser | null;
}

export function plan(context: PlanInput): Plan {
  const { settled, input, now } = context;
  const draft = settled.decision.kind === 'create' ? createdUser(context) : knownUser(context, settled.decision);
  const memberships = membershipsOf({
    ports: context.ports,
    settled,
    person: { id: draft.userId, profile: draft.profile },
    stored: draft.stored,
    claims: input.identity.claims,
    now,
  });
  const login = String(draft.profile.login ?? '');
  const { application } = settled;
  return {
    user: {
      id: draft.userId,
      login,
      profile: draft.profile,
      emailVerified: draft.emailVerified,
      lastUpdated: draft.lastUpdated,
      appProfile: {},
    },
    parts: [...schemaPart(context.settled.compiled, draft.parts), ...draft.parts, ...memberships.parts],
    changed: draft.changed,
    rejected: draft.rejected,
    groupIds: memberships.groupIds,
    assigned: application === null || isAssigned(application, draft.stored, memberships),
    events: (sessionId) =>
      federationEvents({
        now,
        input,
        settled,
        sessionId,
        user: userTarget(draft.userId, draft.profile),
        changed: draft.changed,
        rejected: draft.rejected,
        joined: memberships.joined,
        left: memberships.left,
      }),
  };
}

/** After the group change of this very sign-in: who loses the group loses the application with it. */
function isAssigned(application: CompiledApplication, stored: StoredUser | null, groups: GroupChange): boolean {
  if (application.assignedToEveryone || stored?.assignedDirectly === true) return true;
  const through = (ids: readonly string[]) => ids.some((id) => application.assignedGroups.includes(id));
  const kept = stored?.groupIds.filter((id) => !groups.remove.includes(id)) ?? [];
  return through(groups.add) || (stored?.assigned === true && through(kept));
}

export function userTarget(id: string, profile: Profile): LogTarget {
  const name = [profile.firstName, profile.lastName]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
  const login = String(profile.login ?? '');
  return { id, type: 'User', alternateId: login, displayName: name === '' ? login : name };
}

function createdUser({ ports, now, input, settled }: PlanInput): Draft {
  const { prepared, compiled, idp } = settled;
  const userId = newId('user', now);
  const emailVerified =
    input.identity.emailVerified === true && prepared.emailKey !== null && prepared.emailKey === prepared.newEmailKey;
  const row = {
    org_id: input.orgId,
    id: userId,
    type_id: compiled.userSchema.ownerId,
    status: 'ACTIVE',
    login_key: prepared.newLoginKey,
    email_key: prepared.newEmailKey,
    email_verified: emailVerified,
    profile: prepared.created,
    provider_type: 'FEDERATION',
    provider_name: 'FEDERATION',
    created: now,
    created_by: CREATED_BY_JIT,
    activated: now,
    status_changed: now,
    last_login: now,
    last_updated: now,
    version: 1,
  };
  const parts: Part[] = [
    { part: 'create-user', row },
    ...linkParts(input, settled, userId, now),
    sourcePart(input, idp.id, userId, { said: prepared.created, news: Object.keys(prepared.created) }, now),
  ];
  parts.push(...valuesPart(ports, compiled, userId, prepared.created, Object.keys(prepared.created)));
  return {
    userId,
    profile: prepared.created,
    emailVerified,
    lastUpdated: now,
    parts,
    changed: Object.keys(prepared.created),
    rejected: [],
    stored: null,
  };
}

function knownUser(
  { ports, now, input, settled }: PlanInput,
  decision: Exclude<Settled['decision'], { kind: 'create' }>,
): Draft {
  const { prepared, compiled, idp, facts } = settled;
  const stored = personOf(facts, decision.userId);
  const { profileMaster } = idp.policy.provisioning;
  const update: Pick<ProfileUpdate, 'profile' | 'changed' | 'said' | 'news' | 'rejected'> = profileMaster
    ? ports.mappings.profileUpdate(compiled, {
        source: prepared.source,
        userName: prepared.userName.ok ? prepared.userName.value : null,
        current: stored.profile,
        sourceId: idp.id,
        now,
        sources: stored.sources,
        profileSources: settled.profileSources,
        excluded: settled.excluded,
      })
    : { profile: stored.profile, changed: [], said: {}, news: [], rejected: [] };
  const parts: Part[] = [];
  const drop = decision.kind === 'link' && decision.dropCredentials;
  const status = decision.statusChange === null ? undefined : 'ACTIVE';
  const emailChanged = update.changed.includes('email');
  const proven =
    input.identity.emailVerified === true &&
    prepared.emailKey !== null &&
    prepared.emailKey === keyOf(ports, update.profile.email);
  const emailVerified = emailChanged ? proven : stored.emailVerified || proven;

  if (update.changed.length > 0 || drop || status !== undefined || emailVerified !== stored.emailVerified) {
    const set = {
      ...(status === undefined ? {} : { status }),
      ...(update.changed.length === 0 ? {} : { profile: update.profile }),
      ...(update.changed.includes('login')
        ? { loginKey: canonicalOr(ports.canonicalLogin(String(update.profile.login)), stored.loginKey) }
        : {}),
      ...(emailChanged ? { emailKey: keyOf(ports, update.profile.email) } : {}),
      ...(emailVerified === stored.emailVerified ? {} : { emailVerified }),
      ...(drop ? { dropPassword: true } : {}),
    };
    parts.push({ part: 'change-user', userId: stored.id, version: stored.version, at: now, set });
  } else {
    parts.push({ part: 'touch-user', userId: stored.id, version: stored.version, at: now });
  }
  // Links went to an address that is no longer the person's, or to whoever had the credentials.
  if (drop || emailChanged) parts.push({ part: 'drop-links', userId: stored.id });
  // Whoever had the credentials keeps nothing that they opened (security.md L2).
  if (drop)
    parts.push(
      { part: 'drop-sessions', userId: stored.id, at: now },
      { part: 'revoke-grants', userId: stored.id, at: now },
    );
  if (decision.kind === 'link' || update.changed.length > 0 || !facts.sameClaims)
    parts.push(...linkParts(input, settled, stored.id, now));
  const released = stored.sources.some((row) => row.sourceId === idp.id && row.released);
  if (update.news.length > 0 || (profileMaster && released))
    parts.push(sourcePart(input, idp.id, stored.id, update, now));
  parts.push(...valuesPart(ports, compiled, stored.id, update.profile, update.changed));
  return {
    userId: stored.id,
    profile: update.profile,
    emailVerified,
    lastUpdated: update.changed.length > 0 ? now : stored.lastUpdated,
    parts,
    changed: update.changed,
    rejected: update.rejected,
    stored,
  };
}

/** Where a profile, or what a source says of one, is written by the schema. */
function schemaPart({ userSchema: { id, version } }: Settled['compiled'], parts: readonly Part[]): Part[] {
  const written = parts.some(
    (part) =>
      part.part === 'create-user' ||
      part.part === 'source' ||
      (part.part === 'change-user' && part.set.profile !== undefined),
  );
  return written ? [{ part: 'schema', id, version }] : [];
}

/** Only where a changed attribute is unique or sensitive is there anything to write beside the profile. */
function valuesPart(
  ports: SignInPorts,
  compiled: Settled['compiled'],
  userId: string,
  profile: Profile,
  changed: string[],
): Part[] {
  const kept = changed.filter((name) => {
    const attribute = compiled.userSchema.attributes.get(name);
    return attribute !== undefined && (attribute.unique || attribute.sensitive);
  });
  if (kept.length === 0) return [];
  const rows = ports.schemas
    .valueRows(compiled.userSchema, profile)
    .filter((row) => kept.includes(row.attribute))
    .map((row) => ({ attribute: row.attribute, value_key: row.valueKey, is_unique: row.isUnique }));
  return [{ part: 'unique-values', userId, schemaId: compiled.userSchema.id, changed: kept, rows }];
}

const canonicalOr = (result: { ok: true; value: string } | { ok: false }, fallback: string) =>
  result.ok ? result.value : fallback;

function keyOf(ports: SignInPorts, email: unknown): string | null {
  if (typeof email !== 'string') return null;
  const key = ports.canonicalEmail(email);
  return key.ok ? key.value : null;
}

function linkParts(input: AccountInput, { idp, facts }: Settled, userId: string, at: Date): Part[] {
  if (!isLinkable(input.identity)) return [];
  const { issuer, subject, claims } = input.identity;
  const row = { idp_id: idp.id, issuer, subject, user_id: userId, profile: claims, at };
  return [{ part: 'link', row, instead: facts.lostLink }];
}

/** What the provider has said, with this sign-in as the origin of what is new. */
function sourcePart(
  input: AccountInput,
  idpId: string,
  userId: string,
  { said, news }: Pick<ProfileUpdate, 'said' | 'news'>,
  at: Date,
): Part {
  const origin = { at: at.toISOString(), trace: input.trace.id };
  const origins = Object.fromEntries(news.map((name) => [name, origin]));
  const row = { user_id: userId, source_id: idpId, values: said, origins, trace_id: input.trace.id, at };
  return { part: 'source', row };
}
