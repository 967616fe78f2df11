import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import type { Decoded } from './decode.ts';

const ANSWER_WITHIN_MS = 5_000;
const SIGNATURE_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

export interface Expectation {
  /** The hub's issuer; its authorization servers `${issuer}/oauth2/{id}` count too. */
  issuer: string;
  /** Client ID. */
  audience: string;
  /** Empty: the inspector was not told. */
  nonce: string;
}

export interface Check {
  what: 'signature' | 'iss' | 'aud' | 'nonce' | 'exp';
  outcome: 'passed' | 'failed' | 'unknown';
  text: string;
}

/** Everything that a relying party checks, each with its own outcome. `now` in milliseconds. */
export async function verify(token: string, decoded: Decoded, expected: Expectation, now: number): Promise<Check[]> {
  const { payload } = decoded;
  return [
    await signatureCheck(token, decoded, expected.issuer),
    issuerCheck(payload.iss, expected.issuer),
    audienceCheck(payload.aud, expected.audience),
    nonceCheck(payload.nonce, expected.nonce),
    expiryCheck(payload.exp, now),
  ];
}

/** Keys are fetched from the expected issuer only, never from wherever a token points. */
async function signatureCheck(token: string, { header, payload, signature }: Decoded, issuer: string): Promise<Check> {
  const failed = (text: string): Check => ({ what: 'signature', outcome: 'failed', text });
  if (header.alg === 'none' || signature === '') return failed('The token is not signed.');
  if (!isIssuer(payload.iss, issuer)) return failed(`Not looked up: the issuer is not ${issuer}.`);
  try {
    const keys = createLocalJWKSet(await keySetOf(payload.iss as string));
    await compactVerify(token.trim(), keys, { algorithms: SIGNATURE_ALGORITHMS });
    const text = `Good: ${header.alg}, key ${header.kid ?? 'without an id'} of the issuer.`;
    return { what: 'signature', outcome: 'passed', text };
  } catch (error) {
    if (error instanceof Unreachable) return { what: 'signature', outcome: 'unknown', text: error.message };
    return failed(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWKSNoMatchingKey) return 'The issuer publishes no key with this id.';
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The signature does not match the issuer's key.";
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The algorithm is not one that is verified with a public key.';
  return (error as Error).message;
}

class Unreachable extends Error {}

async function keySetOf(issuer: string): Promise<JSONWebKeySet> {
  const { jwks_uri: address } = (await json(`${issuer}/.well-known/openid-configuration`)) as { jwks_uri?: string };
  if (address === undefined || new URL(address).origin !== new URL(issuer).origin) {
    throw new Unreachable('The issuer names no key set at its own address.');
  }
  return (await json(address)) as JSONWebKeySet;
}

async function json(address: string): Promise<unknown> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: 'error' });
    if (!response.ok) throw new Error(`${response.status}`);
    return await response.json();
  } catch (error) {
    throw new Unreachable(`${address} gave no answer (${(error as Error).message}).`);
  }
}

/** The hub itself or one of its authorization servers. */
function isIssuer(value: unknown, issuer: string): boolean {
  return typeof value === 'string' && (value === issuer || /^\/oauth2\/[\w-]+$/.test(value.replace(issuer, '')));
}

function issuerCheck(iss: unknown, issuer: string): Check {
  const passed = isIssuer(iss, issuer);
  const text = passed ? `As expected: ${iss}.` : `It is ${told(iss)}; expected is ${issuer}.`;
  return { what: 'iss', outcome: passed ? 'passed' : 'failed', text };
}

function audienceCheck(aud: unknown, audience: string): Check {
  if (audience === '') return { what: 'aud', outcome: 'unknown', text: 'Enter the client ID that you expect.' };
  const passed = [aud].flat().includes(audience);
  const text = passed ? `As expected: ${audience}.` : `It is ${told(aud)}; expected is the client ID ${audience}.`;
  return { what: 'aud', outcome: passed ? 'passed' : 'failed', text };
}

function nonceCheck(nonce: unknown, expected: string): Check {
  if (expected === '') {
    return {
      what: 'nonce',
      outcome: 'unknown',
      text: `It is ${told(nonce)}. Enter the nonce that you sent to compare.`,
    };
  }
  const passed = nonce === expected;
  const text = passed ? 'As expected.' : `It is ${told(nonce)}; expected is ${expected}.`;
  return { what: 'nonce', outcome: passed ? 'passed' : 'failed', text };
}

function expiryCheck(exp: unknown, now: number): Check {
  if (typeof exp !== 'number')
    return { what: 'exp', outcome: 'failed', text: 'The token says no end of its validity.' };
  const seconds = Math.round(exp - now / 1000);
  return seconds > 0
    ? { what: 'exp', outcome: 'passed', text: `Valid for ${duration(seconds)} more.` }
    : { what: 'exp', outcome: 'failed', text: `Expired ${duration(-seconds)} ago.` };
}

const told = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
