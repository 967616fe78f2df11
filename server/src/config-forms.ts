/** The forms that configuration values take: each reads a text and gives undefined for what it cannot use. No I/O. */
import { isIP } from 'node:net';

type Read<T> = (text: string) => T | undefined;

const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;

/** `localhost`, its subdomains, 127.0.0.0/8 and ::1, as a URL's hostname spells them. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}

export const baseUrl: Read<string> = (text) => {
  const url = URL.parse(text);
  if (url === null || url.username || url.password || url.search || url.hash || url.pathname !== '/') return undefined;
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url.origin;
  return undefined;
};

export function urlOf(...protocols: string[]): Read<string> {
  return (text) => {
    const url = URL.parse(text);
    return url !== null && protocols.includes(url.protocol) && (url.hostname || url.searchParams.has('host'))
      ? text
      : undefined;
  };
}

export function wholeNumber(least: number, most: number): Read<number> {
  return (text) => {
    const number = Number(text);
    return /^\d{1,9}$/.test(text) && number >= least && number <= most ? number : undefined;
  };
}

export const host: Read<string> = (text) => (isIP(text) || HOST_NAME.test(text) ? text : undefined);

export const emailAddress: Read<string> = (text) => (/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(text) ? text : undefined);

export function textOfLength(least: number, most: number): Read<string> {
  return (text) => (text.length >= least && text.length <= most ? text : undefined);
}

export const token: Read<string> = (text) => (/^[\x21-\x7e]{10,200}$/.test(text) ? text : undefined);

export const secretKey: Read<Uint8Array> = (text) => {
  const bytes = Buffer.from(text, 'base64');
  const spelledSo = [bytes.toString('base64'), bytes.toString('base64url')].some(
    (spelling) => spelling.replace(/=+$/, '') === text.replace(/=+$/, ''),
  );
  return bytes.length === 32 && spelledSo ? new Uint8Array(bytes) : undefined;
};

/** An IP address or a CIDR. */
export const network: Read<string> = (text) => {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return undefined;
  return bits === undefined || wholeNumber(0, family === 4 ? 32 : 128)(bits) !== undefined ? text : undefined;
};

/** `host`, `host:port`, `[ipv6]:port`, an IP address or a CIDR. */
export const peer: Read<string> = (text) => {
  if (network(text) !== undefined) return text;
  const [, name, bracketed, port] = /^(?:([^[\]:/]+)|\[([^\]]+)\])(?::(\d+))?$/.exec(text) ?? [];
  const named = name !== undefined ? host(name) !== undefined : bracketed !== undefined && isIP(bracketed) === 6;
  return named && (port === undefined || wholeNumber(1, 65_535)(port) !== undefined) ? text : undefined;
};

/** A comma list; blanks around and empty items are ignored. */
export function listOf<T>(read: Read<T>): Read<T[]> {
  return (text) => {
    const values = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(read);
    return values.every((item) => item !== undefined) ? (values as T[]) : undefined;
  };
}
