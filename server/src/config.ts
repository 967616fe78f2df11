/**
 * The environment, read once into a frozen, typed Config. Each variable is one row of `VARIABLES`: the reference page
 * docs/reference/configuration.md is generated from the same rows (scripts/configuration-page.ts).
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as form from './config-forms.ts';
import { generatedSecretKey } from './config-secret-key.ts';
import { StartRefusal } from './database/index.ts';

export interface Config {
  /** Public base URL, without a trailing slash. */
  url: string;
  host: string;
  port: number;
  /** null: the embedded PostgreSQL below `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** The key-encryption key, 32 bytes. */
  secretKey: Uint8Array;
  previousSecretKeys: Uint8Array[];
  adminEmail: string;
  /** null: one is generated at the first start. */
  adminPassword: string | null;
  apiToken: string | null;
  /** null: mail goes to the outbox that the console shows. */
  smtpUrl: string | null;
  /** The sender's address; null makes one of the URL's host name. */
  mailFrom: string | null;
  workers: number;
  allowEgress: string[];
  trustedProxies: string[];
}

/** One environment variable. `read` gives undefined for a text that it cannot use. */
export interface Variable<T> {
  name: string;
  /** What the reference page says about an unset variable. */
  default: string;
  meaning: string;
  /** Completes "set it to …". */
  expects: string;
  example: string;
  /** Its value is never shown. */
  secret?: boolean;
  read(text: string): T | undefined;
}

const row = <T>(variable: Variable<T>): Variable<T> => variable;

export const VARIABLES = {
  url: row({
    name: 'GATEHOUSE_URL',
    default: '`http://localhost:3000`',
    meaning:
      'The public base URL: issuer, links and redirect URIs begin with it. Plain http is for loopback hosts only.',
    expects: 'an https URL (or an http URL of a loopback host) without path',
    example: 'https://id.example.com',
    read: form.baseUrl,
  }),
  port: row({
    name: 'GATEHOUSE_PORT',
    default: 'the port of an http URL; 3000 for an https URL (TLS ends at a proxy)',
    meaning: 'The port to listen on.',
    expects: 'a whole number from 0 to 65535',
    example: '3000',
    read: form.wholeNumber(0, 65_535),
  }),
  host: row({
    name: 'GATEHOUSE_HOST',
    default: '`127.0.0.1` when the URL names a loopback host, else `0.0.0.0`',
    meaning: 'The address to listen on.',
    expects: 'an IP address or a host name',
    example: '0.0.0.0',
    read: form.host,
  }),
  databaseUrl: row({
    name: 'GATEHOUSE_DATABASE_URL',
    default: 'unset: an embedded PostgreSQL below the data directory',
    meaning: 'The PostgreSQL to use, version 15 or later. Several hubs may share one.',
    expects: 'a postgresql:// URL that names host and database',
    example: 'postgresql://gatehouse:password@db.example.com/gatehouse',
    secret: true,
    read: form.urlOf('postgres:', 'postgresql:'),
  }),
  dataDir: row({
    name: 'GATEHOUSE_DATA_DIR',
    default: '`.gatehouse`',
    meaning: 'The directory of the embedded database and of generated keys; relative to the root of the repository.',
    expects: 'a directory',
    example: '/var/lib/gatehouse',
    read: (text) => text,
  }),
  secretKey: row({
    name: 'GATEHOUSE_SECRET_KEY',
    default: 'generated once into the data directory; required with `GATEHOUSE_DATABASE_URL`',
    meaning:
      'The key-encryption key: every secret in the database is sealed under it. The same for all hubs on one database.',
    expects: '32 random bytes in base64',
    example: 'the output of "openssl rand -base64 32"',
    secret: true,
    read: form.secretKey,
  }),
  previousSecretKeys: row({
    name: 'GATEHOUSE_SECRET_KEY_PREVIOUS',
    default: 'unset',
    meaning:
      'Earlier key-encryption keys, separated by commas, still accepted for reading while values are sealed anew.',
    expects: 'a comma list of keys, each 32 bytes in base64',
    example: 'the former value of GATEHOUSE_SECRET_KEY',
    secret: true,
    read: form.listOf(form.secretKey),
  }),
  adminEmail: row({
    name: 'GATEHOUSE_ADMIN_EMAIL',
    default: '`admin@example.com`',
    meaning: 'Login and e-mail address of the first administrator; used at the first start only.',
    expects: 'an e-mail address',
    example: 'admin@example.com',
    read: form.emailAddress,
  }),
  adminPassword: row({
    name: 'GATEHOUSE_ADMIN_PASSWORD',
    default: 'generated and printed once',
    meaning: 'Password of the first administrator; used at the first start only.',
    expects: 'a password of 8 to 200 characters',
    example: 'a sentence that only you know',
    secret: true,
    read: form.textOfLength(8, 200),
  }),
  apiToken: row({
    name: 'GATEHOUSE_API_TOKEN',
    default: 'unset',
    meaning: 'An API token of the first administrator, created at the first start only: for scripts and tests.',
    expects: '10 to 200 printable characters without blanks',
    example: 'the output of "openssl rand -hex 24"',
    secret: true,
    read: form.token,
  }),
  smtpUrl: row({
    name: 'GATEHOUSE_SMTP_URL',
    default: 'unset: mail goes to an outbox that the console shows',
    meaning: 'The mail server.',
    expects: 'an smtp:// or smtps:// URL',
    example: 'smtps://user:password@mail.example.com',
    secret: true,
    read: form.urlOf('smtp:', 'smtps:'),
  }),
  mailFrom: row({
    name: 'GATEHOUSE_MAIL_FROM',
    default: '`no-reply@` and the host name of the URL',
    meaning: 'The address that messages come from.',
    expects: 'an e-mail address',
    example: 'no-reply@example.com',
    read: form.emailAddress,
  }),
  workers: row({
    name: 'GATEHOUSE_WORKERS',
    default: '`1`',
    meaning: 'Processes that serve requests.',
    expects: 'a whole number from 1 to 32',
    example: '2',
    read: form.wholeNumber(1, 32),
  }),
  allowEgress: row({
    name: 'GATEHOUSE_ALLOW_EGRESS',
    default: 'unset; `npm start` lists its sandboxes',
    meaning: 'Peers that outbound calls may reach although they are private, use plain http or another port.',
    expects: 'a comma list of host, host:port or CIDR',
    example: 'idp.internal:8443,10.20.0.0/16',
    read: form.listOf(form.peer),
  }),
  trustedProxies: row({
    name: 'GATEHOUSE_TRUSTED_PROXIES',
    default: 'unset: forwarded headers are ignored',
    meaning: 'Proxies whose forwarded headers count.',
    expects: 'a comma list of IP addresses or CIDRs',
    example: '10.0.0.0/8,192.0.2.7',
    read: form.listOf(form.network),
  }),
};

type Environment = Record<string, string | undefined>;

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Reads the environment. Throws `StartRefusal` with one sentence that names the variable, its value (a secret's never) and the remedy.
 * At the first start with the embedded database it writes the generated secret key into the data directory.
 */
export function readConfig(env: Environment, root: string = REPOSITORY): Config {
  const url = value(VARIABLES.url, env) ?? 'http://localhost:3000';
  const { protocol, port, hostname } = new URL(url);
  const databaseUrl = value(VARIABLES.databaseUrl, env) ?? null;
  const dataDir = resolve(root, value(VARIABLES.dataDir, env) ?? '.gatehouse');
  return Object.freeze({
    url,
    host: value(VARIABLES.host, env) ?? defaultHost(hostname),
    port: value(VARIABLES.port, env) ?? (protocol === 'https:' ? 3000 : Number(port || 80)),
    databaseUrl,
    dataDir,
    adminEmail: value(VARIABLES.adminEmail, env) ?? 'admin@example.com',
    adminPassword: value(VARIABLES.adminPassword, env) ?? null,
    apiToken: value(VARIABLES.apiToken, env) ?? null,
    smtpUrl: value(VARIABLES.smtpUrl, env) ?? null,
    mailFrom: value(VARIABLES.mailFrom, env) ?? null,
    workers: value(VARIABLES.workers, env) ?? 1,
    allowEgress: value(VARIABLES.allowEgress, env) ?? [],
    trustedProxies: value(VARIABLES.trustedProxies, env) ?? [],
    previousSecretKeys: value(VARIABLES.previousSecretKeys, env) ?? [],
    // Last, since it may write a file: nothing is written for a configuration that is refused.
    secretKey: value(VARIABLES.secretKey, env) ?? ownSecretKey(databaseUrl, dataDir),
  });
}

/** Names that look like ours and are none of ours: probably misspelt. */
export function unknownVariables(env: Environment): string[] {
  const known = new Set(Object.values(VARIABLES).map((variable) => variable.name));
  return Object.keys(env).filter((name) => name.startsWith('GATEHOUSE_') && !known.has(name));
}

/** An empty variable counts as unset. */
function value<T>(variable: Variable<T>, env: Environment): T | undefined {
  const text = env[variable.name]?.trim();
  if (!text) return undefined;
  const found = variable.read(text);
  if (found !== undefined) return found;
  const shown = variable.secret ? 'set to something else' : JSON.stringify(text);
  throw new StartRefusal(
    `${variable.name} is ${shown}: set it to ${variable.expects}, for example ${variable.example}.`,
  );
}

function defaultHost(hostname: string): string {
  if (!form.isLoopback(hostname)) return '0.0.0.0';
  return hostname === '[::1]' ? '::1' : '127.0.0.1';
}

function ownSecretKey(databaseUrl: string | null, dataDir: string): Uint8Array {
  if (databaseUrl === null) return generatedSecretKey(dataDir);
  const { name, expects, example } = VARIABLES.secretKey;
  throw new StartRefusal(
    `${name} is unset, and with GATEHOUSE_DATABASE_URL it is required: set it to ${expects}, for example ${example}.`,
  );
}
