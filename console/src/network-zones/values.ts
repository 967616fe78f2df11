/** The form of a network zone to and from the wire. What belongs to the dynamic types is not shown as fields, and stays. */
import type { NetworkZone, NetworkZoneInput } from '../contract.ts';
import type { FieldWords } from '../interface/form/changes.ts';
import { check, filled, missing } from '../interface/form/checks.ts';
import { labels } from '../labels.ts';
import { texts } from './texts.ts';

export type ZoneValues = {
  name: string;
  /** One address, network or range a line. */
  gateways: string;
  proxies: string;
  block: boolean;
};

export const EMPTY: ZoneValues = { name: '', gateways: '', proxies: '', block: false };

export const WORDS: FieldWords<ZoneValues> = {
  labels: {
    name: labels.zoneName,
    gateways: labels.gatewayIps,
    proxies: labels.trustedProxyIps,
    block: labels.blockZone,
  },
};

/** @param system a built-in zone may be empty */
export function validate(values: ZoneValues, isIp: boolean, system: boolean) {
  const none = addressesOf(values.gateways).length + (values.block ? 0 : addressesOf(values.proxies).length) === 0;
  return check(
    ['name', missing(values.name, labels.zoneName)],
    ['gateways', isIp && !system && none ? texts.needsAddress : null],
  );
}

const linesOf = (addresses: { value: string }[] | undefined) => (addresses ?? []).map(({ value }) => value).join('\n');

export function fromWire(zone: NetworkZone): ZoneValues {
  return {
    name: zone.name,
    gateways: linesOf(zone.gateways),
    proxies: linesOf(zone.proxies),
    block: zone.usage === 'BLOCKLIST',
  };
}

/** Lines, commas and blanks part addresses, but a range may have blanks around its dash. */
export function addressesOf(text: string): { type: 'CIDR' | 'RANGE'; value: string }[] {
  return filled(text.replace(/\s*-\s*/g, '-').split(/[\s,;]+/)).map((value) => ({
    type: value.includes('-') ? 'RANGE' : 'CIDR',
    value,
  }));
}

export function toWire(values: ZoneValues, existing?: NetworkZone): NetworkZoneInput {
  const name = values.name.trim();
  const usage = values.block ? 'BLOCKLIST' : 'POLICY';
  if (existing !== undefined && existing.type !== 'IP') return { ...existing, name, usage };
  return {
    type: 'IP',
    name,
    usage,
    ...(existing === undefined ? {} : { status: existing.status }),
    gateways: addressesOf(values.gateways),
    proxies: values.block ? [] : addressesOf(values.proxies),
  };
}
