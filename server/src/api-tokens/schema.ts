/** Wire shapes of API tokens (contract §10.1). */
import Type, { type Static } from 'typebox';
import { DAY, SECOND } from '../shared/clock.ts';
import type { ApiToken } from './store.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Zones = Type.Optional(Type.Union([Type.Null(), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })]));
const Network = Type.Object({ connection: Type.Optional(Type.String()), include: Zones, exclude: Zones });

export const IssueBody = Type.Object({
  name: Name,
  network: Type.Optional(Type.Union([Type.Null(), Network])),
  /** ISO 8601, whole days, for example P30D. */
  tokenWindow: Type.Optional(Type.String({ pattern: '^P[1-9][0-9]{0,2}D$' })),
});
export const UpdateBody = Type.Object({
  name: Name,
  userId: Type.Optional(Type.String()),
  clientName: Type.Optional(Type.String({ maxLength: 255 })),
  created: Type.Optional(Type.String()),
  network: Type.Optional(Type.Union([Type.Null(), Network])),
});
export type IssueBody = Static<typeof IssueBody>;
export type UpdateBody = Static<typeof UpdateBody>;

/** Where a token may be used from: anywhere, or inside zones that are included and outside those that are excluded. */
export type TokenNetwork = { connection: 'ANYWHERE' } | { connection: 'ZONE'; include: string[]; exclude: string[] };

export type ReadNetwork = TokenNetwork | { problem: string };

/** What a client sent as `network`; nothing means anywhere. */
export function readNetwork(sent: Static<typeof Network> | null | undefined): ReadNetwork {
  const connection = sent?.connection ?? 'ANYWHERE';
  const [include, exclude] = [[...new Set(sent?.include ?? [])], [...new Set(sent?.exclude ?? [])]];
  if (connection === 'ANYWHERE')
    return include.length + exclude.length === 0
      ? { connection }
      : { problem: 'network: zones need the connection ZONE' };
  if (connection !== 'ZONE') return { problem: 'network.connection: expected ANYWHERE or ZONE' };
  if (include.length + exclude.length === 0)
    return { problem: 'network: the connection ZONE needs a zone in include or exclude' };
  return { connection, include, exclude };
}

const DAY_SECONDS = DAY / SECOND;

export function windowToWire(seconds: number): string {
  return seconds % DAY_SECONDS === 0 ? `P${seconds / DAY_SECONDS}D` : `PT${seconds}S`;
}

export function windowFromWire(window: string): number {
  return Number(window.slice(1, -1)) * DAY_SECONDS;
}

export type ApiTokenWire = ReturnType<typeof tokenToWire>;

export function tokenToWire(token: ApiToken, baseUrl: string) {
  return {
    name: token.name,
    userId: token.userId,
    tokenWindow: windowToWire(token.windowSeconds),
    network: token.network,
    id: token.id,
    clientName: token.clientName,
    expiresAt: token.expiresAt.toISOString(),
    created: token.created.toISOString(),
    lastUpdated: token.lastUpdated.toISOString(),
    /** Our own: noted once a minute at most. */
    lastUsed: token.lastUsed?.toISOString() ?? null,
    _links: {
      self: { href: `${baseUrl}/api/v1/api-tokens/${token.id}`, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
      user: { href: `${baseUrl}/api/v1/users/${token.userId}`, hints: { allow: ['GET'] } },
    },
  };
}
