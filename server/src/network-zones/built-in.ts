/** The three zones that every org has (contract §10.3): named by clients, never deleted, and without addresses until somebody adds some. */
import { newId } from '../shared/ids.ts';
import type { Zone } from './store.ts';

const NO_ADDRESSES = { gateways: [], proxies: [] };
const sides = () => ({ include: [], exclude: [] });

const BUILT_IN = [
  { name: 'LegacyIpZone', type: 'IP', usage: 'POLICY', status: 'ACTIVE', definition: NO_ADDRESSES },
  { name: 'BlockedIpZone', type: 'IP', usage: 'BLOCKLIST', status: 'ACTIVE', definition: NO_ADDRESSES },
  {
    name: 'DefaultEnhancedDynamicZone',
    type: 'DYNAMIC_V2',
    usage: 'BLOCKLIST',
    status: 'INACTIVE',
    definition: { locations: sides(), asns: sides(), ipServiceCategories: sides() },
  },
] as const satisfies readonly Partial<Zone>[];

export const builtInZones = (at: Date): Zone[] =>
  BUILT_IN.map((zone) => ({
    ...(zone as unknown as Zone),
    id: newId('zone', at),
    system: true,
    created: at,
    lastUpdated: at,
    version: 1,
  }));
