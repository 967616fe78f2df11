/** What happens to certificates by the calendar: those that end soon are told of, those of providers with a metadata address are kept in step. */
import { randomUUID } from 'node:crypto';
import { type Executor, inTransaction } from '../../database/index.ts';
import type { CertificateFacts } from '../../protocol/saml/index.ts';
import { after, DAY } from '../../shared/clock.ts';
import { type EventTypeName, record, SYSTEM_ACTOR } from '../../system-log/index.ts';
import type { IdentityProvidersDeps } from '../deps.ts';
import { trustedKids } from '../keys/service.ts';
import * as keys from '../keys/store.ts';
import type { SamlProtocolConfig } from '../saml/schema.ts';
import * as store from '../store.ts';
import type { MetadataReader } from './read.ts';

/** How long an old key of the hub must have been of no use before it is retired. */
const UNUSED_FOR = 30 * DAY;

/** Days before the end at which a warning is written, each once. */
const WARNINGS = [30, 14, 7, 1, 0];

type SamlProvider = store.StoredIdentityProvider & { config: { protocol: SamlProtocolConfig } };

export function createDaily(deps: IdentityProvidersDeps, reader: MetadataReader) {
  const { database, clock } = deps;
  const tell = tellOf(deps);
  const refresh = createRefresh(deps, reader, tell);

  /** A certificate may be trusted for several providers: each of them has its event. */
  async function warn(orgId: string, providers: readonly SamlProvider[]): Promise<void> {
    const now = clock.now().getTime();
    for (const key of await keys.allTrust(database, orgId)) {
      const users = providers.filter(({ config }) => trustedKids(config.protocol).includes(key.kid));
      const left = Math.max(0, Math.ceil((key.notAfter.getTime() - now) / DAY));
      const step = WARNINGS.filter((days) => left <= days).at(-1);
      if (users.length === 0 || step === undefined || (key.warnedDays !== null && key.warnedDays <= step)) continue;
      await inTransaction(database, async (tx) => {
        await keys.setWarned(tx, orgId, key.kid, step);
        const debugData = { kid: key.kid, expiresAt: key.notAfter.toISOString(), days: String(left) };
        for (const provider of users) await tell(tx, provider, 'gatehouse.idp.certificate_expiring', { debugData });
      });
    }
  }

  /** After a rollover: a key older than the active one that nobody encrypted for in the last month is published no longer. */
  async function retire(provider: SamlProvider): Promise<void> {
    const own = await keys.signingOf(database, provider.orgId, provider.id);
    const active = own.find(({ kid }) => kid === provider.config.protocol.credentials.signing.kid);
    const monthAgo = after(clock.now(), -UNUSED_FOR);
    const spent = own.filter(
      (key) =>
        active !== undefined &&
        key.created < active.created &&
        active.created < monthAgo &&
        (key.lastUsed ?? key.created) < monthAgo,
    );
    for (const { kid } of spent) {
      await inTransaction(database, async (tx) => {
        await keys.removeSigning(tx, provider.orgId, provider.id, kid);
        await tell(tx, provider, 'system.idp.key.delete', { debugData: { kid, reason: 'unused since the rollover' } });
        await deps.configuration.changed(tx, provider.orgId);
      });
    }
  }

  /**
   * One provider after the other. Metadata that cannot be had is told in an event; what fails otherwise (the database, a defect) does
   * not stop the others either, and is thrown at the end, so that the queue tries again.
   */
  return async (signal: AbortSignal): Promise<void> => {
    const failures: Error[] = [];
    const alone = (work: Promise<void>) => work.catch((error: Error) => void failures.push(error));
    for (const orgId of await store.orgsWithSaml(database)) {
      const active = (await store.allOf(database, orgId)).flatMap((stored) => {
        const provider = samlOf(stored);
        return provider?.status === 'ACTIVE' ? [provider] : [];
      });
      for (const provider of active) {
        const { metadataUrl } = provider.config.protocol.settings;
        if (metadataUrl !== null && !signal.aborted) await alone(refresh(provider, metadataUrl));
      }
      for (const provider of active) await alone(retire(provider));
      await alone(warn(orgId, active));
    }
    const [first] = failures;
    if (first !== undefined)
      throw new AggregateError(failures, `${failures.length} failed, the first: ${first.message}`);
  };
}

function tellOf({ clock }: IdentityProvidersDeps) {
  return async (
    tx: Executor,
    provider: SamlProvider,
    type: EventTypeName,
    told: { failed?: string; debugData: Record<string, string> },
  ): Promise<void> => {
    await record(tx, {
      orgId: provider.orgId,
      type,
      at: clock.now(),
      severity: told.failed === undefined && type !== 'gatehouse.idp.certificate_expiring' ? 'INFO' : 'WARN',
      actor: SYSTEM_ACTOR,
      ...(told.failed !== undefined && { outcome: { result: 'FAILURE', reason: told.failed } }),
      targets: [{ id: provider.id, type: 'IdentityProvider', alternateId: provider.name, displayName: provider.name }],
      debugData: told.debugData,
    });
  };
}

type Tell = ReturnType<typeof tellOf>;

function createRefresh(deps: IdentityProvidersDeps, reader: MetadataReader, tell: Tell) {
  const { database, clock } = deps;
  async function trustOf(
    tx: Executor,
    orgId: string,
    { der, thumbprint, notBefore, notAfter }: CertificateFacts,
  ): Promise<string> {
    const present = await keys.trustByThumbprint(tx, orgId, thumbprint);
    if (present !== null && (await keys.holdTrust(tx, orgId, [present.kid])).length > 0) return present.kid;
    const at = clock.now();
    const key = {
      kid: randomUUID(),
      x5c: der.toString('base64'),
      certificate: der,
      thumbprint,
      notBefore,
      notAfter,
      warnedDays: null,
    };
    await keys.insertTrust(tx, orgId, { ...key, created: at, lastUpdated: at });
    return key.kid;
  }

  return async (provider: SamlProvider, url: string): Promise<void> => {
    const read = await reader.fetch(url);
    const type = 'gatehouse.idp.metadata_refresh';
    const failed = read.ok ? unusable(read.value.certificates, clock.now()) : read.error;
    if (!read.ok || failed !== null) {
      await tell(database, provider, type, { failed: failed ?? '', debugData: { url } });
      return;
    }
    if (read.value.entityId !== provider.config.protocol.credentials.trust.issuer) {
      const reason = `The metadata describes "${read.value.entityId.slice(0, 200)}", not this provider's issuer: nothing was changed.`;
      await tell(database, provider, type, { failed: reason, debugData: { url } });
      return;
    }
    await inTransaction(database, async (tx) => {
      const current = samlOf(await store.find(tx, provider.orgId, provider.id, true));
      if (current === null) return;
      const kids = trustedKids(current.config.protocol);
      const known = await keys.someTrust(tx, provider.orgId, kids);
      const added = read.value.certificates.filter(
        ({ thumbprint }) => !known.some((key) => key.thumbprint === thumbprint),
      );
      const addedKids: string[] = [];
      for (const facts of added) addedKids.push(await trustOf(tx, provider.orgId, facts));
      const gone = known.filter(
        ({ thumbprint }) => !read.value.certificates.some((facts) => facts.thumbprint === thumbprint),
      );
      // What is withdrawn and expired is of no more use; a withdrawn one that is valid stays for an administrator to judge.
      const spent = gone.filter(({ notAfter }) => notAfter < clock.now()).map(({ kid }) => kid);
      if (added.length === 0 && spent.length === 0) return;
      const left = kids.filter((kid) => !spent.includes(kid));
      await store.update(tx, withKids(current, [...left, ...addedKids], clock.now()));
      const debugData = {
        url,
        added: added.map(({ thumbprint }) => thumbprint).join(', '),
        noLongerPublished: gone.map(({ thumbprint }) => thumbprint).join(', '),
      };
      await tell(tx, current, type, { debugData });
      await deps.configuration.changed(tx, provider.orgId);
    });
  };
}

function samlOf(stored: store.StoredIdentityProvider | null): SamlProvider | null {
  return stored?.config.protocol.type === 'SAML2' ? (stored as SamlProvider) : null;
}

/** Why a set of certificates must not be taken over; null where it may. */
function unusable(certificates: readonly CertificateFacts[], now: Date): string | null {
  return certificates.some(({ notBefore, notAfter }) => notBefore <= now && notAfter > now)
    ? null
    : 'Every signing certificate of the metadata is expired or not yet valid: nothing was changed.';
}

function withKids(provider: SamlProvider, kids: readonly string[], at: Date): store.StoredIdentityProvider {
  const { protocol } = provider.config;
  const [kid = '', ...additionalKids] = kids;
  const trust = { ...protocol.credentials.trust, kid, additionalKids };
  return {
    ...provider,
    config: { ...provider.config, protocol: { ...protocol, credentials: { ...protocol.credentials, trust } } },
    lastUpdated: at,
    version: provider.version + 1,
  };
}
