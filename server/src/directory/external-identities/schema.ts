/** Links in wire shape (contract §2.5). */
import Type, { type Static } from 'typebox';
import type { Json } from '../../shared/json.ts';

/** The identity key is (idpId, issuer, subject); `subject` is opaque text. */
export interface ExternalIdentity {
  idpId: string;
  issuer: string;
  subject: string;
  userId: string;
  /** What the provider last asserted. */
  profile: Record<string, Json>;
  created: Date;
  lastUpdated: Date;
  lastSignIn: Date | null;
}

/** An OpenID Connect `sub` has at most 255 characters, a NameID in practice too. */
export const LinkBody = Type.Object({ externalId: Type.String({ minLength: 1, maxLength: 255 }) });
export type LinkBody = Static<typeof LinkBody>;

export type LinkWire = ReturnType<typeof linkToWire>;

export function linkToWire(link: ExternalIdentity, baseUrl: string) {
  const provider = `${baseUrl}/api/v1/idps/${link.idpId}`;
  return {
    id: link.userId,
    externalId: link.subject,
    created: link.created.toISOString(),
    lastUpdated: link.lastUpdated.toISOString(),
    profile: link.profile,
    _links: {
      self: { href: `${provider}/users/${link.userId}`, hints: { allow: ['GET', 'DELETE'] } },
      idp: { href: provider },
      user: { href: `${baseUrl}/api/v1/users/${link.userId}` },
    },
  };
}
