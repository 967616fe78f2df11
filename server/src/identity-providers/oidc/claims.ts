/** What the provider said, cut to the limits of security.md §4.6 and put together from the ID token and userinfo. Pure. */
import { isUnsafeName, type Json } from '../../shared/json.ts';
import type { Assurance } from '../connector.ts';
import { oneLine } from './refusals.ts';

const MAX_NAMES = 200;
const MAX_VALUE = 8 * 1024;
const MAX_GROUPS = 2_000;
const MAX_DEPTH = 32;
const NAME = /^[A-Za-z0-9_.:/-]{1,128}$/;
/** Claims that bind a token to one exchange: they say nothing of the person. */
const BINDING = new Set(['nonce', 'at_hash', 'c_hash', 's_hash']);
/** Claims of the protocol, which userinfo cannot replace. */
const PROTOCOL = new Set(['iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'auth_time', 'acr', 'amr', 'sid']);

type Claims = Record<string, unknown>;

type DropReason = 'name' | 'characters' | 'value too long' | 'nested too deeply' | 'too many';

export interface KeptClaims {
  claims: Record<string, Json>;
  /** Names that were left out, cut, with the reason. */
  dropped: { name: string; why: DropReason }[];
}

/** The ID token's claims win over those of userinfo, and e-mail address and its verification always come from one and the same place. */
export function mergeClaims(idToken: Claims, userInfo: Claims | null): Claims {
  if (userInfo === null) return idToken;
  const extra = Object.entries(userInfo).filter(([name, value]) => !PROTOCOL.has(name) && value !== null);
  const own = Object.entries(idToken).filter(([, value]) => value !== null);
  const merged: Claims = Object.fromEntries([...extra, ...own]);
  const verified = typeof idToken.email === 'string' ? verificationOf(idToken, userInfo) : userInfo.email_verified;
  delete merged.email_verified;
  if (verified !== undefined) merged.email_verified = verified;
  return merged;
}

function verificationOf(idToken: Claims, userInfo: Claims): unknown {
  if (idToken.email_verified !== undefined) return idToken.email_verified;
  return userInfo.email === idToken.email ? userInfo.email_verified : undefined;
}

/** Whether there is any claim about the person besides who they are. */
export function saysNothing(claims: Claims): boolean {
  return Object.keys(claims).every((name) => PROTOCOL.has(name));
}

/** Null counts as absent; unsafe, over-long and surplus claims are left out. */
export function keepClaims(claims: Claims): KeptClaims {
  const kept: Record<string, Json> = {};
  const dropped: KeptClaims['dropped'] = [];
  let count = 0;
  for (const [name, value] of Object.entries(claims)) {
    if (value === null || value === undefined || BINDING.has(name)) continue;
    const unsafe = !NAME.test(name) || isUnsafeName(name);
    const why = unsafe ? 'name' : (unfitBecause(value) ?? (count >= MAX_NAMES ? 'too many' : null));
    if (why === null) {
      kept[name] = value as Json;
      count++;
    } else if (dropped.length < 20) dropped.push({ name: oneLine(name).slice(0, 40), why });
  }
  return { claims: kept, dropped };
}

/** Why a value is not kept: too long, nested too deeply to be worked with, or text that no database stores. */
function unfitBecause(value: unknown): DropReason | null {
  if (typeof value === 'string')
    return value.length > MAX_VALUE ? 'value too long' : isStorable(value) ? null : 'characters';
  const unfit = walk(value, 0);
  return unfit ?? (JSON.stringify(value).length > MAX_VALUE ? 'value too long' : null);
}

function walk(value: unknown, depth: number): DropReason | null {
  if (typeof value === 'string') return isStorable(value) ? null : 'characters';
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) return 'nested too deeply';
  for (const [name, item] of Object.entries(value)) {
    if (isUnsafeName(name)) return 'name';
    const unfit = isStorable(name) ? walk(item, depth + 1) : 'characters';
    if (unfit !== null) return unfit;
  }
  return null;
}

/** Neither NUL nor half a surrogate pair: PostgreSQL stores neither. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

/** true and false as booleans or as those two words; nothing said is null, and any other type counts as false (security.md L1). */
export function emailVerified(claims: Record<string, Json>): boolean | null {
  const said = claims.email_verified;
  if (said === undefined) return null;
  return said === true || said === 'true';
}

export function assuranceOf(claims: Record<string, Json>): Assurance | undefined {
  const { acr, amr, auth_time: authTime } = claims;
  const assurance: Assurance = {
    ...(typeof acr === 'string' && { acr }),
    ...(isTexts(amr) && { amr }),
    ...(typeof authTime === 'number' && { authTime }),
  };
  return Object.keys(assurance).length === 0 ? undefined : assurance;
}

/** The names in the claim of groups; one text is one name. */
export function groupsOf(claims: Claims, claim: string): string[] | undefined {
  const name = Object.keys(claims).find((key) => key.toLowerCase() === claim.toLowerCase());
  const value = name === undefined ? undefined : claims[name];
  if (typeof value === 'string') return [value];
  return isTexts(value) ? value.slice(0, MAX_GROUPS) : undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
