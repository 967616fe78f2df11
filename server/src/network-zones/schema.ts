/** Network zones: the body that clients send (contract §10.3). What belongs to one type only is read by read-zone.ts. */
import Type, { type Static } from 'typebox';

export const ZONE_TYPES = ['IP', 'DYNAMIC', 'DYNAMIC_V2'] as const;
export type ZoneType = (typeof ZONE_TYPES)[number];
export const USAGES = ['POLICY', 'BLOCKLIST'] as const;
export type Usage = (typeof USAGES)[number];
export const PROXY_TYPES = ['Any', 'Tor', 'NotTorAnonymizer'] as const;

const nullable = <T>(schema: object) => Type.Optional(Type.Unsafe<T | null>(schema));
const strings = (maxItems: number) => ({
  type: ['array', 'null'],
  maxItems,
  items: { type: 'string', maxLength: 64 },
});
const MOST_ADDRESSES = 5000;
const MOST_DETAILS = 300;
const addresses = nullable<SentAddress[]>({
  type: ['array', 'null'],
  maxItems: MOST_ADDRESSES,
  items: {
    type: 'object',
    properties: { type: { type: 'string', maxLength: 20 }, value: { type: 'string', maxLength: 100 } },
    required: ['value'],
  },
});
const locations = {
  type: ['array', 'null'],
  maxItems: MOST_DETAILS,
  items: {
    type: 'object',
    properties: {
      country: { type: ['string', 'null'], maxLength: 2 },
      region: { type: ['string', 'null'], maxLength: 10 },
    },
  },
};
const sides = (items: object) => ({
  type: ['object', 'null'],
  properties: { include: items, exclude: items },
});

export interface SentAddress {
  type?: string;
  value: string;
}
export interface Location {
  country: string;
  region: string | null;
}
interface SentLocation {
  country?: string | null;
  region?: string | null;
}
interface Sides<T> {
  include?: T[] | null;
  exclude?: T[] | null;
}

/** Fields that are not named here are ignored. */
export const ZoneBody = Type.Object({
  type: Type.String({ maxLength: 20 }),
  name: Type.String({ minLength: 1, maxLength: 128, pattern: '\\S' }),
  usage: nullable<string>({ type: ['string', 'null'], maxLength: 20 }),
  status: nullable<string>({ type: ['string', 'null'], maxLength: 20 }),
  gateways: addresses,
  proxies: addresses,
  proxyType: nullable<string>({ type: ['string', 'null'], maxLength: 40 }),
  locations: nullable<SentLocation[] | Sides<SentLocation>>({ anyOf: [locations, sides(locations)] }),
  asns: nullable<string[] | Sides<string>>({ anyOf: [strings(MOST_DETAILS), sides(strings(MOST_DETAILS))] }),
  ipServiceCategories: nullable<Sides<string>>(sides(strings(MOST_DETAILS))),
});
export type ZoneBody = Static<typeof ZoneBody>;

export interface ZoneAddress {
  type: 'CIDR' | 'RANGE';
  value: string;
}

/** The `definition` column: what belongs to the zone's type. */
export interface IpDefinition {
  gateways: ZoneAddress[];
  proxies: ZoneAddress[];
}
export interface DynamicDefinition {
  locations: Location[];
  proxyType: string | null;
  asns: string[];
}
export interface EnhancedDefinition {
  locations: { include: Location[]; exclude: Location[] };
  asns: { include: string[]; exclude: string[] };
  ipServiceCategories: { include: string[]; exclude: string[] };
}
export type Definition = IpDefinition | DynamicDefinition | EnhancedDefinition;
