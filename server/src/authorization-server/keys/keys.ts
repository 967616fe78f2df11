/** The keys as a running hub uses them: objects by kid, imported once per change of configuration, and the published set as bytes. */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Configuration } from '../../orgs/index.ts';
import { parseJwks, selectKeys, type VerifiedJws, verifyJws } from '../../protocol/jose/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import { sealedPlace } from './create.ts';
import { listKeys, type StoredKey } from './store.ts';

interface LoadedKey {
  kid: string;
  alg: StoredKey['alg'];
  purpose: StoredKey['purpose'];
  key: KeyObject;
  activeFrom: number;
}

interface KeySet {
  keys: LoadedKey[];
  published: PublishedKeys;
  verify(token: string): Promise<VerifiedJws | null>;
}

export interface PublishedKeys {
  /** The JWK set (RFC 7517 §5) as it is sent. */
  body: Buffer;
  etag: string;
}

export interface Keys {
  /** A JWT in compact form, signed by the org's current key of the algorithm. `type`: the header's `typ`, left out for an ID token. */
  sign(orgId: string, alg: StoredKey['alg'], claims: Record<string, unknown>, type?: string): Promise<string>;
  /** The `kid` that signs now; null before the first key is made. */
  signingKeyId(orgId: string, alg: StoredKey['alg']): Promise<string | null>;
  /** The content of a token that this hub signed, whatever its times say; null for any other. */
  verify(orgId: string, token: string): Promise<VerifiedJws | null>;
  published(orgId: string): Promise<PublishedKeys>;
  /** The key that proves the hub to identity providers; its public half is in the published set. */
  clientKey(orgId: string): Promise<{ kid: string; key: CryptoKey }>;
}

export function createKeys(deps: { configuration: Configuration; secretBox: SecretBox; clock: Clock }): Keys {
  const slice = deps.configuration.slice<KeySet>(async (db, orgId) =>
    loaded(await listKeys(db, orgId), deps.secretBox),
  );
  async function signingKey(orgId: string, alg: StoredKey['alg']): Promise<LoadedKey | undefined> {
    const now = deps.clock.now().getTime();
    const { keys } = await slice.get(orgId);
    return keys.findLast((one) => one.purpose === 'token' && one.alg === alg && one.activeFrom <= now);
  }
  return {
    signingKeyId: async (orgId, alg) => (await signingKey(orgId, alg))?.kid ?? null,
    async sign(orgId, alg, claims, type) {
      const key = await signingKey(orgId, alg);
      if (key === undefined) throw new Error(`The org has no ${alg} signing key.`);
      return signWith(key, claims, type);
    },
    verify: async (orgId, token) => (await slice.get(orgId)).verify(token),
    published: async (orgId) => (await slice.get(orgId)).published,
    async clientKey(orgId) {
      const { keys } = await slice.get(orgId);
      const key = keys.findLast((one) => one.purpose === 'client');
      if (key === undefined) throw new Error('The org has no key to prove itself with.');
      return {
        kid: key.kid,
        key: key.key.toCryptoKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']) as CryptoKey,
      };
    },
  };
}

function loaded(stored: StoredKey[], secretBox: SecretBox): KeySet {
  const keys = stored.map((row) => ({
    kid: row.kid,
    alg: row.alg,
    purpose: row.purpose,
    key: createPrivateKey(secretBox.open(row.privateSealed, sealedPlace(row.kid))),
    activeFrom: row.activeFrom.getTime(),
  }));
  const body = Buffer.from(JSON.stringify({ keys: stored.map((row) => row.publicJwk) }));
  const own = parseJwks(
    JSON.stringify({ keys: stored.filter((row) => row.purpose === 'token').map((row) => row.publicJwk) }),
  );
  return {
    keys,
    published: { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` },
    async verify(token) {
      if (!own.ok) return null;
      const verified = await verifyJws(token, {
        keys: async (header) => selectKeys(own.value, header),
        algorithms: ['RS256', 'ES256'],
      });
      return verified.ok ? verified.value : null;
    },
  };
}

/** Signs off the event loop; ES256 in the concatenated form that JWS wants (RFC 7518 §3.4). */
function signWith({ key, kid, alg }: LoadedKey, claims: Record<string, unknown>, type?: string): Promise<string> {
  const header = JSON.stringify({ kid, alg, ...(type === undefined ? {} : { typ: type }) });
  const input = `${encoded(header)}.${encoded(JSON.stringify(claims))}`;
  return new Promise((resolve, reject) => {
    // A bare key where no option is needed: Node looks at an object of options in a roundabout way.
    sign(
      'sha256',
      Buffer.from(input),
      alg === 'RS256' ? key : { key, dsaEncoding: 'ieee-p1363' },
      (error, signature) => {
        if (error) reject(error);
        else resolve(`${input}.${signature.toString('base64url')}`);
      },
    );
  });
}

const encoded = (text: string) => Buffer.from(text).toString('base64url');
