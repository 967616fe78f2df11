import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Departure, Tokens } from './relying-party.ts';

const COOKIE = 'sample_session';
const KEPT = 1_000;
const OPEN_SIGN_INS = 5;

/** What the sample application remembers of one browser. */
export interface Browser {
  departures: Departure[];
  tokens: Tokens | null;
}

export interface Browsers {
  /** Of this request; undefined when it brings no cookie of ours. */
  of(request: FastifyRequest): Browser | undefined;
  /** Of this request, made when there is none. */
  ensure(request: FastifyRequest, reply: FastifyReply): Browser;
  /** A fresh identifier after the sign-in, so that one planted before it is worthless. */
  renew(request: FastifyRequest, reply: FastifyReply, tokens: Tokens): void;
  forget(request: FastifyRequest, reply: FastifyReply): void;
}

export function createBrowsers(secure: boolean): Browsers {
  const known = new Map<string, Browser>();
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const idOf = (request: FastifyRequest) =>
    /(?:^|;\s*)sample_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const add = (reply: FastifyReply, browser: Browser) => {
    const id = randomBytes(24).toString('base64url');
    known.set(id, browser);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    reply.header('set-cookie', `${COOKIE}=${id}; ${attributes}`);
    return browser;
  };
  return {
    of: (request) => known.get(idOf(request)),
    ensure: (request, reply) => known.get(idOf(request)) ?? add(reply, { departures: [], tokens: null }),
    renew(request, reply, tokens) {
      known.delete(idOf(request));
      add(reply, { departures: [], tokens });
    },
    forget(request, reply) {
      known.delete(idOf(request));
      reply.header('set-cookie', `${COOKIE}=; Max-Age=0; ${attributes}`);
    },
  };
}

/** Keeps the last few open sign-ins of a browser, so that several tabs work. */
export function remember(browser: Browser, departure: Departure): void {
  browser.departures = [...browser.departures, departure].slice(-OPEN_SIGN_INS);
}

/** The sign-in that an answer belongs to; it is used once. */
export function recall(browser: Browser | undefined, state: string | null): Departure | undefined {
  const departure = browser?.departures.find((open) => open.state === state);
  if (browser !== undefined && departure !== undefined) {
    browser.departures = browser.departures.filter((open) => open !== departure);
  }
  return departure;
}
