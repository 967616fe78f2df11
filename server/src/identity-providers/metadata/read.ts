/** A provider's metadata, pasted or fetched, as the form needs it; nothing is stored. */
import type { Egress } from '../../http/index.ts';
import {
  type CertificateFacts,
  certificateBytes,
  type IdentityProviderMetadata,
  MAX_METADATA_BYTES,
  readCertificate,
  readMetadata,
} from '../../protocol/saml/index.ts';
import { err, ok, type Result } from '../../shared/result.ts';

export interface MetadataReader {
  /** The error is a sentence. */
  fetch(url: string): Promise<Result<IdentityProviderMetadata, string>>;
  read(input: { xml?: string; url?: string }): Promise<Result<IdentityProviderMetadata, string>>;
}

export function createMetadataReader(egress: Egress): MetadataReader {
  const fetch: MetadataReader['fetch'] = async (url) => {
    const answer = await egress.request({ url, method: 'GET', maxBytes: MAX_METADATA_BYTES });
    if (!answer.ok) return err(`The metadata could not be fetched: ${answer.error.message}`);
    const { status, text } = answer.value;
    return status === 200 ? readMetadata(text) : err(`The metadata's address answered with the status ${status}.`);
  };
  return {
    fetch,
    read: async ({ xml, url }) =>
      url !== undefined
        ? fetch(url)
        : xml !== undefined
          ? readMetadata(xml)
          : err('Give the metadata as XML or its address.'),
  };
}

/** Certificates in whatever people paste: PEM, bare base64, DER in base64, or whole metadata (seed guides; rulings 57). */
export function certificatesIn(text: string): Result<CertificateFacts[], string> {
  const [, tagged] = /^\s*<(?:\w+:)?X509Certificate>([^<]+)</.exec(text) ?? [];
  if (tagged !== undefined) return certificatesIn(tagged);
  if (text.trimStart().startsWith('<')) {
    const metadata = readMetadata(text);
    return metadata.ok ? ok(metadata.value.certificates) : metadata;
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [text];
  const found = blocks.map((block) => {
    const bytes = certificateBytes(block);
    return bytes === null ? null : readCertificate(bytes);
  });
  const certificates = found.filter((facts) => facts !== null);
  return certificates.length === found.length
    ? ok(certificates)
    : err(
        'This is no X.509 certificate. Paste it in PEM form, or what stands between the X509Certificate tags of the metadata.',
      );
}
