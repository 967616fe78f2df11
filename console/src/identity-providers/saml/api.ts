/** What the screens of SAML providers ask of the hub: certificates, keys, metadata. */
import { request } from '../../api/client.ts';
import { RequestError } from '../../api/errors.ts';
import { useChange, useList } from '../../api/hooks.ts';
import { texts } from '../texts.ts';
import type { ReadCertificate, ReadMetadata } from './metadata.ts';
import type { FormCertificate } from './values.ts';

export interface SigningKey {
  kid: string;
  created: string;
  expiresAt: string;
  lastUsed: string | null;
}

const TRUST = '/api/v1/idps/credentials/keys';

/** Certificates in whatever form a person has them. */
export async function readCertificates(text: string): Promise<ReadCertificate[]> {
  const path = '/api/gatehouse/v1/idps/certificates/read';
  return (await request<{ certificates: ReadCertificate[] }>('POST', path, { body: { text } })).body.certificates;
}

export async function readMetadata(from: { xml: string } | { url: string }): Promise<ReadMetadata> {
  return (await request<ReadMetadata>('POST', '/api/gatehouse/v1/idps/metadata/read', { body: from })).body;
}

/** The certificates that a provider names, as the form shows them. */
export async function loadCertificates(kids: string[]): Promise<FormCertificate[]> {
  return Promise.all(
    kids.map(async (kid) => {
      const key = (await request<{ x5c: string[]; expiresAt: string }>('GET', `${TRUST}/${kid}`)).body;
      const [read] = await readCertificates(key.x5c[0] ?? '');
      return { kid, x5c: key.x5c[0] ?? '', subject: read?.subject ?? kid, notAfter: key.expiresAt };
    }),
  );
}

/** Stores what is not stored yet; the org may have a certificate already, then the refusal names its kid. */
export async function storeCertificates(certificates: FormCertificate[]): Promise<string[]> {
  const kids: string[] = [];
  for (const { kid, x5c } of certificates) kids.push(kid ?? (await storeCertificate(x5c)));
  return kids;
}

async function storeCertificate(x5c: string): Promise<string> {
  try {
    return (await request<{ kid: string }>('POST', TRUST, { body: { x5c: [x5c] } })).body.kid;
  } catch (error) {
    const known =
      error instanceof RequestError && error.errorCode === 'E0000096' ? /kid=([\w-]+)/.exec(error.message) : null;
    if (known?.[1] === undefined) throw error;
    return known[1];
  }
}

const keysOf = (id: string) => ['identity-providers', id, 'keys'];

export const useSigningKeys = (id: string) => useList<SigningKey>(keysOf(id), `/api/v1/idps/${id}/credentials/keys`);

export function useKeyChanges(id: string) {
  const own = `/api/gatehouse/v1/idps/${id}/credentials/keys`;
  const outdates = [keysOf(id), ['identity-providers', id]];
  return {
    generate: useChange(() => request<SigningKey>('POST', `/api/v1/idps/${id}/credentials/keys/generate`), {
      done: texts.saml.keys.generated,
      outdates,
    }),
    activate: useChange((kid: string) => request<SigningKey>('POST', `${own}/${kid}/activate`), {
      done: texts.saml.keys.activated,
      outdates,
    }),
    retire: useChange((kid: string) => request<null>('DELETE', `${own}/${kid}`), {
      done: texts.saml.keys.retired,
      outdates,
    }),
  };
}
