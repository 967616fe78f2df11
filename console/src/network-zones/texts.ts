/** English texts of the screens of network zones. */
export const texts = {
  title: 'Networks',
  sentence:
    'Addresses under a name. Routing rules and API tokens can ask for a zone; addresses in a blocklist are refused everywhere.',
  columns: { name: 'Name', type: 'Zone type', usage: 'Use', addresses: 'Addresses', status: 'Status' },
  types: { IP: 'IP', DYNAMIC: 'Dynamic', DYNAMIC_V2: 'Enhanced dynamic' },
  usages: { POLICY: 'Rules and tokens', BLOCKLIST: 'Blocklist' },
  addresses: (count: number) => (count === 1 ? '1 entry' : `${count} entries`),
  noAddresses: 'No addresses',
  byLocation: 'By location',
  byService: 'By network or service',
  empty: { title: 'No zone', sentence: 'Add one for the addresses of an office, or to block some.' },
  add: { title: 'Add IP Zone', sentence: 'Name the addresses of a place, or those that get no answer.' },
  change: { sentence: 'What is changed here counts from the next request.' },
  edit: 'Edit',
  saved: 'Zone saved.',
  switched: 'Status changed.',
  deleted: 'Zone deleted.',
  ask: (name: string) => `Delete ${name}?`,
  askSentence: 'This cannot be undone.',
  addressHelp:
    'One a line: an address, a network like 192.0.2.0/24, or a range like 192.0.2.10-192.0.2.20. IPv6 works the same way.',
  proxyHelp: 'Used only when no gateway IPs are given: whoever comes through one of these proxies is in the zone.',
  blockHelp:
    'Requests from the gateway IPs get no page, no token and no API answer, only a refusal. The zone cannot be used in rules then.',
  blockHelpDynamic:
    'Requests from this zone get no page, no token and no API answer, only a refusal. The zone cannot be used in rules then.',
  needsAddress: 'Enter at least one address.',
  dynamic:
    'This zone asks where an address is, whose network it belongs to, or whether it hides behind a service. There is no such data here, so it contains nobody: a rule that asks for it never fits, and it blocks nothing.',
  dynamicFacts: { locations: 'Locations', asns: 'Networks (ASN)', proxyType: 'IP type', services: 'IP services' },
  not: (values: string) => `not ${values}`,
  builtIn: 'Built in: the name and the use stay as they are.',
};
