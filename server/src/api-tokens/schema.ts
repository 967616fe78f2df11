/** Wire shapes of API tokens (contract §10.1). */
import Type, { type Static } from 'typebox';
import { DAY, SECOND } from '../shared/clock.ts';
import type { ApiToken } from './store.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Network = Type.Object({ connection: Type.Optional(Type.String()) });

export const IssueBody = Type.Object({
  name: Name,
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
    _links: {
      self: { href: `${baseUrl}/api/v1/api-tokens/${token.id}`, hints: { allow: ['GET', 'DELETE'] } },
      user: { href: `${baseUrl}/api/v1/users/${token.userId}`, hints: { allow: ['GET'] } },
    },
  };
}
