/** What the hub reads out of a provider's certificates and metadata for the form. */
export interface ReadCertificate {
  subject: string;
  notBefore: string;
  notAfter: string;
  thumbprint: string;
  x5c: string;
}

export interface ReadMetadata {
  entityId: string;
  sso: { binding: 'HTTP-POST' | 'HTTP-REDIRECT'; url: string }[];
  certificates: ReadCertificate[];
}
