/** Every way in which an outbound call can fail before its answer is looked at. Codes are stable; sentences are for administrators. */
export type EgressErrorCode =
  | 'egress_url_invalid'
  | 'egress_userinfo'
  | 'egress_not_https'
  | 'egress_port'
  | 'egress_blocked_address'
  | 'egress_unresolved'
  | 'egress_unreachable'
  | 'egress_certificate'
  | 'egress_timeout'
  | 'egress_redirect'
  | 'egress_too_large';

export interface EgressError {
  code: EgressErrorCode;
  /** Names the peer and the remedy; never the path, the query or a header of the request. */
  message: string;
  /** `host` or `host:port`. */
  peer: string;
}

/** Carries an `EgressError` out of a connection's callbacks. It never leaves this folder. */
export class EgressStop extends Error {
  readonly error: EgressError;

  constructor(error: EgressError) {
    super(error.message);
    this.error = error;
  }
}

const PORTS = [443, 8443];

/** The codes that an unlisted peer gets; `GATEHOUSE_ALLOW_EGRESS` is the remedy of each. */
export const refusals = {
  notHttps: (peer: string): EgressError => ({
    code: 'egress_not_https',
    peer,
    message: `${peer} is addressed with plain http: use https, or list "${peer}" in GATEHOUSE_ALLOW_EGRESS.`,
  }),
  port: (peer: string, port: number): EgressError => ({
    code: 'egress_port',
    peer,
    message: `Port ${port} of ${peer} is not among ${PORTS.join(' and ')}: list "${peer}" in GATEHOUSE_ALLOW_EGRESS if it is yours.`,
  }),
  blockedAddress: (peer: string, address: string): EgressError => ({
    code: 'egress_blocked_address',
    peer,
    message: `${peer} has the address ${address}, which is not a public one: list "${peer}" in GATEHOUSE_ALLOW_EGRESS if it is yours.`,
  }),
} as const;

export const failures = {
  urlInvalid: (): EgressError => ({
    code: 'egress_url_invalid',
    peer: '',
    message: 'The address is not an http or https URL: write it as https://host/path.',
  }),
  userinfo: (peer: string): EgressError => ({
    code: 'egress_userinfo',
    peer,
    message: `The URL of ${peer} contains a user name or a password: remove everything between "//" and "@".`,
  }),
  unresolved: (peer: string, reason: string): EgressError => ({
    code: 'egress_unresolved',
    peer,
    message: `The name of ${peer} has no address (${reason}): check its spelling and the name servers.`,
  }),
  unreachable: (peer: string, reason: string): EgressError => ({
    code: 'egress_unreachable',
    peer,
    message: `${peer} could not be reached (${reason}): check that it runs and that a firewall lets the hub through.`,
  }),
  certificate: (peer: string, reason: string): EgressError => ({
    code: 'egress_certificate',
    peer,
    message: `The certificate of ${peer} is not accepted (${reason}): have it renewed, or add its authority by NODE_EXTRA_CA_CERTS.`,
  }),
  timeout: (peer: string, milliseconds: number): EgressError => ({
    code: 'egress_timeout',
    peer,
    message: `${peer} did not answer completely within ${milliseconds / 1000} seconds: try again, or ask its operator.`,
  }),
  redirect: (peer: string, status: number): EgressError => ({
    code: 'egress_redirect',
    peer,
    message: `${peer} answered with a redirect (${status}), which is not followed: configure the address that it leads to.`,
  }),
  tooLarge: (peer: string, limit: number): EgressError => ({
    code: 'egress_too_large',
    peer,
    message: `The answer of ${peer} is larger than ${limit} bytes: check that the configured address is the right one.`,
  }),
} as const;
