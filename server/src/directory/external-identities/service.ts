/** Links between users and their identities at providers, as administrators see and change them; a sign-in writes its own. */
import { type Database, type Executor, inTransaction } from '../../database/index.ts';
import { apiErrors, type Page, pageOf } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { type Caller, doneBy, type EventInput, type LogTarget, record } from '../../system-log/index.ts';
import type { ExternalIdentity } from './schema.ts';
import {
  buryLinksOfUser,
  countLinks,
  deleteLink,
  deleteLinksOfProvider,
  findBySubject,
  findLink,
  insertLink,
  linksOfProvider,
  linksOfUser,
} from './store.ts';

export interface LinkedProvider {
  id: string;
  name: string;
  /** Under which a link made by hand is stored; null where this provider's links cannot be made by hand. */
  linkIssuer: string | null;
}

export interface ExternalIdentitiesDeps {
  database: Database;
  clock: Clock;
  /** Throws E0000007 (Idp). */
  provider(orgId: string, idpId: string): Promise<LinkedProvider>;
  /** Throws E0000007 (User). */
  user(orgId: string, idOrLogin: string): Promise<{ id: string; target: LogTarget }>;
  /** Keeps both from being deleted until the transaction ends. Throws E0000007. */
  hold(tx: Executor, orgId: string, link: { userId: string; idpId: string }): Promise<void>;
  /** The provider no longer masters attributes of the user. */
  unlinked(tx: Executor, orgId: string, link: { userId: string; idpId: string }, at: Date): Promise<void>;
  /** Providers in wire shape. */
  describeProviders(orgId: string, baseUrl: string, ids: readonly string[]): Promise<unknown[]>;
}

export interface ExternalIdentities {
  findBySubject(
    orgId: string,
    key: { idpId: string; issuer: string; subject: string },
  ): Promise<ExternalIdentity | null>;
  ofUser(orgId: string, userId: string): Promise<ExternalIdentity[]>;
  /** Throws E0000007. */
  get(orgId: string, idpId: string, idOrLogin: string): Promise<ExternalIdentity>;
  list(
    orgId: string,
    idpId: string,
    page: { q?: string; after?: string; limit: number },
  ): Promise<Page<ExternalIdentity>>;
  /** Repeating the same link changes nothing. Throws E0000001 where the subject or the user is linked otherwise. */
  link(caller: Caller, idpId: string, idOrLogin: string, externalId: string): Promise<ExternalIdentity>;
  unlink(caller: Caller, idpId: string, idOrLogin: string): Promise<void>;
  providersOfUser(place: Pick<Caller, 'orgId' | 'baseUrl'>, idOrLogin: string): Promise<unknown[]>;
  /** The next links of a provider in the order of user ids. */
  after(db: Executor, orgId: string, idpId: string, userId: string, limit: number): Promise<ExternalIdentity[]>;
  /** Null where the user is not linked to the provider. */
  find(orgId: string, idpId: string, userId: string): Promise<ExternalIdentity | null>;
  count: typeof countLinks;
  /** A provider goes: so do its links. */
  forgetProvider(tx: Executor, orgId: string, idpId: string): Promise<void>;
  /** A user goes: the links too, and their keys are remembered. */
  forgetUser(tx: Executor, orgId: string, userId: string, at: Date): Promise<void>;
}

export function createExternalIdentities(deps: ExternalIdentitiesDeps): ExternalIdentities {
  const { database, clock } = deps;

  return {
    findBySubject: (orgId, key) => findBySubject(database, orgId, key),
    ofUser: (orgId, userId) => linksOfUser(database, orgId, userId),
    async get(orgId, idpId, idOrLogin) {
      await deps.provider(orgId, idpId);
      const user = await deps.user(orgId, idOrLogin);
      const link = await findLink(database, orgId, idpId, user.id);
      if (link === null) throw apiErrors.notFound(idOrLogin, 'User');
      return link;
    },
    async list(orgId, idpId, { q, after, limit }) {
      await deps.provider(orgId, idpId);
      const rows = await linksOfProvider(database, orgId, idpId, {
        prefix: q ?? '',
        after: after ?? '',
        limit: limit + 1,
      });
      return pageOf(rows, limit, (last) => last.userId);
    },
    async link(caller, idpId, idOrLogin, externalId) {
      const provider = await deps.provider(caller.orgId, idpId);
      if (provider.linkIssuer === null)
        throw apiErrors.validation('externalId', 'externalId: people cannot be linked by hand at this provider');
      const user = await deps.user(caller.orgId, idOrLogin);
      const at = clock.now();
      const times = { created: at, lastUpdated: at, lastSignIn: null };
      const link = { idpId, issuer: provider.linkIssuer, subject: externalId, userId: user.id, profile: {}, ...times };
      return inTransaction(database, async (tx) => {
        await deps.hold(tx, caller.orgId, link);
        if (await insertLink(tx, caller.orgId, link)) {
          await record(tx, linkEvent('gatehouse.external_identity.link', caller, { provider, user: user.target, at }));
          return link;
        }
        const existing = await findBySubject(tx, caller.orgId, link);
        if (existing === null)
          throw apiErrors.validation(
            'userId',
            'userId: The user is linked to another identity of this provider already',
          );
        if (existing.userId !== user.id) throw apiErrors.duplicate('externalId');
        return existing;
      });
    },
    async unlink(caller, idpId, idOrLogin) {
      const provider = await deps.provider(caller.orgId, idpId);
      const user = await deps.user(caller.orgId, idOrLogin);
      await inTransaction(database, async (tx) => {
        if ((await deleteLink(tx, caller.orgId, idpId, user.id)) === null) throw apiErrors.notFound(idOrLogin, 'User');
        const at = clock.now();
        await deps.unlinked(tx, caller.orgId, { userId: user.id, idpId }, at);
        await record(tx, linkEvent('gatehouse.external_identity.unlink', caller, { provider, user: user.target, at }));
      });
    },
    async providersOfUser({ orgId, baseUrl }, idOrLogin) {
      const user = await deps.user(orgId, idOrLogin);
      const links = await linksOfUser(database, orgId, user.id);
      return links.length === 0
        ? []
        : deps.describeProviders(
            orgId,
            baseUrl,
            links.map((link) => link.idpId),
          );
    },
    after: (db, orgId, idpId, userId, limit) => linksOfProvider(db, orgId, idpId, { prefix: '', after: userId, limit }),
    find: (orgId, idpId, userId) => findLink(database, orgId, idpId, userId),
    count: countLinks,
    forgetProvider: deleteLinksOfProvider,
    forgetUser: buryLinksOfUser,
  };
}

function linkEvent(
  type: EventInput['type'],
  caller: Caller,
  of: { provider: LinkedProvider; user: LogTarget; at: Date },
): EventInput {
  const provider = {
    id: of.provider.id,
    type: 'IdentityProvider',
    alternateId: of.provider.name,
    displayName: of.provider.name,
  };
  return doneBy(caller, { type, at: of.at, targets: [of.user, provider] });
}
