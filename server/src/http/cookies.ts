/**
 * Names and attributes of every cookie that the hub sets, on https and on loopback http alike (rulings 28: browsers accept Secure and
 * `__Host-` there). The session cookie is Lax; a transaction's cookie is None, because providers come back with a cross-site post.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';

export const SESSION_COOKIE = '__Host-gatehouse_sid';
export const TRANSACTION_COOKIE_PREFIX = '__Host-gatehouse_tx_';

const BASE: CookieSerializeOptions = { path: '/', secure: true, httpOnly: true };

/** Ends with the browser; the server bounds its life. */
export const sessionCookie: CookieSerializeOptions = { ...BASE, sameSite: 'lax' };

export const transactionCookie = (maxAgeSeconds: number): CookieSerializeOptions => ({
  ...BASE,
  sameSite: 'none',
  maxAge: maxAgeSeconds,
});
