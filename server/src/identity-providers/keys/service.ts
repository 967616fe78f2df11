/** Certificates that providers are trusted by, and the hub's own keys towards each provider, with their rollover (contract §2.4). */
import { randomUUID } from 'node:crypto';
import { type Executor, inTransaction } from '../../database/index.ts';
import { ApiError, apiErrors, type Page, pageOf } from '../../http/index.ts';
import { certificateBytes, readCertificate } from '../../protocol/saml/index.ts';
import { isObject } from '../../shared/json.ts';
import { type Caller, record } from '../../system-log/index.ts';
import { eventOf, type IdentityProvidersDeps, NOT_FOUND_TYPE } from '../deps.ts';
import * as providers from '../store.ts';
import { createSigningKey, signingKeyPlace } from './create.ts';
import * as store from './store.ts';
import { type KeyWire, signingToWire, trustToWire } from './wire.ts';

export interface ProviderKeys {
  trustList(orgId: string, after: string, limit: number): Promise<Page<KeyWire>>;
  trust(orgId: string, kid: string): Promise<KeyWire>;
  /** E0000001 for what is no certificate, 409 E0000096 where the org has it already. */
  addTrust(caller: Caller, body: unknown): Promise<KeyWire>;
  replaceTrust(caller: Caller, kid: string, body: unknown): Promise<KeyWire>;
  /** E0000001 while a provider refers to it. */
  removeTrust(caller: Caller, kid: string): Promise<void>;
  signingList(orgId: string, idpId: string): Promise<KeyWire[]>;
  signing(orgId: string, idpId: string, kid: string): Promise<KeyWire>;
  /** The one that signs requests, as a list of one: so the client library reads it. */
  active(orgId: string, idpId: string): Promise<KeyWire[]>;
  /** A further key: published at once, used for signatures only after `activate`. */
  generate(caller: Caller, idpId: string, validityYears: number): Promise<KeyWire>;
  clone(caller: Caller, idpId: string, kid: string, targetId: string): Promise<KeyWire>;
  activate(caller: Caller, idpId: string, kid: string): Promise<KeyWire>;
  /** Ends a rollover: no longer published, no longer decrypts. Not for the active key. */
  retire(caller: Caller, idpId: string, kid: string): Promise<void>;
}

const KEY_TYPE = 'JsonWebKey';

export function createProviderKeys(deps: IdentityProvidersDeps): ProviderKeys {
  return { ...trustKeys(deps), ...signingKeys(deps) };
}

type TrustCalls = 'trustList' | 'trust' | 'addTrust' | 'replaceTrust' | 'removeTrust';

function trustKeys(deps: IdentityProvidersDeps): Pick<ProviderKeys, TrustCalls> {
  const { database, clock } = deps;

  const trusted = async (db: Executor, orgId: string, kid: string, lock = false) => {
    const found = await store.findTrust(db, orgId, kid, lock);
    if (found === null) throw apiErrors.notFound(kid, KEY_TYPE);
    return found;
  };
  const told = tellOf(deps);

  return {
    async trustList(orgId, after, limit) {
      const page = pageOf(await store.trustPage(database, orgId, after, limit + 1), limit, ({ kid }) => kid);
      return { items: page.items.map(trustToWire), after: page.after };
    },
    trust: async (orgId, kid) => trustToWire(await trusted(database, orgId, kid)),
    addTrust: (caller, body) =>
      inTransaction(database, async (tx) => {
        const key = { ...readTrustKey(body, clock.now()), kid: randomUUID() };
        if (!(await store.insertTrust(tx, caller.orgId, key)))
          throw await duplicateCertificate(tx, caller.orgId, key.thumbprint);
        await told(tx, caller, 'system.idp.key.create', { id: key.kid, name: key.kid });
        return trustToWire(key);
      }),
    replaceTrust: (caller, kid, body) =>
      inTransaction(database, async (tx) => {
        const previous = await trusted(tx, caller.orgId, kid, true);
        const key = { ...readTrustKey(body, clock.now()), kid, created: previous.created };
        const same = await store.trustByThumbprint(tx, caller.orgId, key.thumbprint);
        if (same !== null && same.kid !== kid) throw await duplicateCertificate(tx, caller.orgId, key.thumbprint);
        await store.replaceTrust(tx, caller.orgId, key);
        await told(tx, caller, 'system.idp.key.update', { id: kid, name: kid });
        return trustToWire(key);
      }),
    removeTrust: (caller, kid) =>
      inTransaction(database, async (tx) => {
        // Whoever is naming it holds it, and is among the providers then.
        await trusted(tx, caller.orgId, kid, true);
        const users = (await providers.allOf(tx, caller.orgId)).filter(({ config }) =>
          trustedKids(config.protocol).includes(kid),
        );
        if (users.length > 0)
          throw apiErrors.validation(
            'kid',
            ...users.map(({ name, id }) => `kid: the identity provider "${name}" (${id}) uses this key`),
          );
        await store.removeTrust(tx, caller.orgId, kid);
        await told(tx, caller, 'system.idp.key.delete', { id: kid, name: kid });
      }),
  };
}

function signingKeys(deps: IdentityProvidersDeps): Omit<ProviderKeys, TrustCalls> {
  const { database, clock } = deps;
  const samlProvider = async (db: Executor, orgId: string, id: string, lock = false) => {
    const stored = await providers.find(db, orgId, id, lock);
    if (stored === null || stored.config.protocol.type !== 'SAML2') throw apiErrors.notFound(id, NOT_FOUND_TYPE);
    return { stored, protocol: stored.config.protocol };
  };
  const signingKey = async (db: Executor, orgId: string, idpId: string, kid: string) => {
    const found = (await store.signingOf(db, orgId, idpId)).find((key) => key.kid === kid);
    if (found === undefined) throw apiErrors.notFound(kid, KEY_TYPE);
    return found;
  };
  const told = tellOf(deps);

  return {
    async signingList(orgId, idpId) {
      await samlProvider(database, orgId, idpId);
      return (await store.signingOf(database, orgId, idpId)).map(signingToWire);
    },
    async signing(orgId, idpId, kid) {
      await samlProvider(database, orgId, idpId);
      return signingToWire(await signingKey(database, orgId, idpId, kid));
    },
    async active(orgId, idpId) {
      const { protocol } = await samlProvider(database, orgId, idpId);
      return [signingToWire(await signingKey(database, orgId, idpId, protocol.credentials.signing.kid))];
    },
    async generate(caller, idpId, validityYears) {
      const { stored } = await samlProvider(database, caller.orgId, idpId);
      const key = await createSigningKey(deps.secretBox, { idpId, name: stored.id, at: clock.now(), validityYears });
      await inTransaction(database, async (tx) => {
        await samlProvider(tx, caller.orgId, idpId, true);
        await store.insertSigning(tx, caller.orgId, key);
        await told(tx, caller, 'system.idp.key.create', stored);
      });
      return signingToWire(key);
    },
    clone: (caller, idpId, kid, targetId) =>
      inTransaction(database, async (tx) => {
        await samlProvider(tx, caller.orgId, idpId);
        const target = await samlProvider(tx, caller.orgId, targetId, true);
        const source = await signingKey(tx, caller.orgId, idpId, kid);
        const opened = deps.secretBox.open(source.privateSealed, signingKeyPlace(idpId, kid));
        const at = clock.now();
        const key = {
          ...source,
          idpId: targetId,
          privateSealed: deps.secretBox.seal(opened, signingKeyPlace(targetId, kid)),
          lastUsed: null,
          created: at,
          lastUpdated: at,
        };
        if (!(await store.insertSigning(tx, caller.orgId, key)))
          throw apiErrors.validation('targetIdpId', 'targetIdpId: this identity provider has the key already');
        await told(tx, caller, 'system.idp.key.create', target.stored);
        return signingToWire(key);
      }),
    activate: (caller, idpId, kid) =>
      inTransaction(database, async (tx) => {
        const { stored, protocol } = await samlProvider(tx, caller.orgId, idpId, true);
        const key = await signingKey(tx, caller.orgId, idpId, kid);
        const credentials = { ...protocol.credentials, signing: { kid } };
        await providers.update(tx, {
          ...stored,
          config: { ...stored.config, protocol: { ...protocol, credentials } },
          lastUpdated: clock.now(),
          version: stored.version + 1,
        });
        await told(tx, caller, 'system.idp.key.update', stored);
        return signingToWire(key);
      }),
    retire: (caller, idpId, kid) =>
      inTransaction(database, async (tx) => {
        const { stored, protocol } = await samlProvider(tx, caller.orgId, idpId, true);
        await signingKey(tx, caller.orgId, idpId, kid);
        if (protocol.credentials.signing.kid === kid)
          throw apiErrors.validation('kid', 'kid: this key signs the requests now; make another one active first');
        await store.removeSigning(tx, caller.orgId, idpId, kid);
        await told(tx, caller, 'system.idp.key.delete', stored);
      }),
  };
}

function tellOf({ configuration, clock }: IdentityProvidersDeps) {
  return async (
    tx: Executor,
    caller: Caller,
    type: 'system.idp.key.create' | 'system.idp.key.update' | 'system.idp.key.delete',
    target: { id: string; name: string },
  ) => {
    await record(tx, eventOf(caller, type, target, clock.now()));
    await configuration.changed(tx, caller.orgId);
  };
}

/** The certificates that a stored provider names. */
export function trustedKids(protocol: providers.StoredIdentityProvider['config']['protocol']): string[] {
  if (protocol.type !== 'SAML2') return [];
  const { kid, additionalKids = [] } = protocol.credentials.trust;
  return [kid, ...additionalKids];
}

async function duplicateCertificate(tx: Executor, orgId: string, thumbprint: string): Promise<ApiError> {
  const kid = (await store.trustByThumbprint(tx, orgId, thumbprint))?.kid ?? '';
  return new ApiError(409, 'E0000096', `This certificate has already been uploaded with kid=${kid}.`);
}

const MAX_CERTIFICATE = 16_384;

function readTrustKey(body: unknown, at: Date): Omit<store.TrustKey, 'kid'> {
  const list = isObject(body) ? body.x5c : undefined;
  const [x5c, ...more] = Array.isArray(list) ? list : [];
  if (typeof x5c !== 'string' || more.length > 0 || x5c.length > MAX_CERTIFICATE)
    throw apiErrors.validation('x5c', 'x5c: must be a list with one certificate, as base64 of its DER');
  const bytes = certificateBytes(x5c);
  const facts = bytes === null ? null : readCertificate(bytes);
  if (facts === null) throw apiErrors.validation('x5c', 'x5c: is no X.509 certificate');
  if (facts.weakness !== null)
    throw apiErrors.validation('x5c', `x5c: the certificate cannot be used: ${facts.weakness}`);
  const { der, thumbprint, notBefore, notAfter } = facts;
  return { x5c, certificate: der, thumbprint, notBefore, notAfter, warnedDays: null, created: at, lastUpdated: at };
}
