/** New key pairs of the hub towards a provider, each with the self-signed certificate that metadata carries. */
import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from '../../protocol/saml/index.ts';
import type { SecretBox } from '../../shared/secret-box.ts';
import type { SigningKey } from './store.ts';

const RSA_BITS = 2048;
export const DEFAULT_VALIDITY_YEARS = 10;
const generate = promisify(generateKeyPair);

export const signingKeyPlace = (idpId: string, kid: string) => `idp_signing_keys/${idpId}/${kid}`;

export async function createSigningKey(
  box: SecretBox,
  of: { idpId: string; name: string; at: Date; validityYears: number },
): Promise<SigningKey> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: RSA_BITS });
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  const notBefore = new Date(of.at.getTime() - 60_000);
  const expiresAt = new Date(of.at);
  expiresAt.setUTCFullYear(
    expiresAt.getUTCFullYear() + of.validityYears,
    expiresAt.getUTCMonth(),
    expiresAt.getUTCDate(),
  );
  expiresAt.setUTCMilliseconds(0);
  const certificate = selfSignedCertificate({ name: of.name, publicKey, privateKey, notBefore, notAfter: expiresAt });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    idpId: of.idpId,
    kid,
    certificate,
    privateSealed: box.seal(pem, signingKeyPlace(of.idpId, kid)),
    expiresAt,
    lastUsed: null,
    created: of.at,
    lastUpdated: of.at,
  };
}
