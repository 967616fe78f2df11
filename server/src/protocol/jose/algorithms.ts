/** A signature algorithm and the only kind of key that it may be used with. */
export interface Algorithm {
  keyType: 'RSA' | 'EC' | 'oct';
  curve?: 'P-256' | 'P-384';
  /** Digest of the algorithm, which at_hash and c_hash share (OIDC Core §3.1.3.6). */
  digest: 'sha256' | 'sha384' | 'sha512';
}

/** Everything that can be configured at all (RFC 7518 §3.1 without `none` and P-521). */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  RS256: { keyType: 'RSA', digest: 'sha256' },
  RS384: { keyType: 'RSA', digest: 'sha384' },
  RS512: { keyType: 'RSA', digest: 'sha512' },
  PS256: { keyType: 'RSA', digest: 'sha256' },
  PS384: { keyType: 'RSA', digest: 'sha384' },
  PS512: { keyType: 'RSA', digest: 'sha512' },
  ES256: { keyType: 'EC', curve: 'P-256', digest: 'sha256' },
  ES384: { keyType: 'EC', curve: 'P-384', digest: 'sha384' },
  HS256: { keyType: 'oct', digest: 'sha256' },
  HS384: { keyType: 'oct', digest: 'sha384' },
  HS512: { keyType: 'oct', digest: 'sha512' },
};

/** What is accepted unless an identity provider's configuration says otherwise: every asymmetric algorithm. */
export const ASYMMETRIC_ALGORITHMS: readonly string[] = Object.keys(ALGORITHMS).filter(
  (name) => ALGORITHMS[name]!.keyType !== 'oct',
);

/** The row of a name, compared byte for byte; undefined for anything else (`none` in any spelling included). */
export function algorithmOf(name: string): Algorithm | undefined {
  return Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
}
