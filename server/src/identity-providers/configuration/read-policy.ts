/** Reads and checks the `policy` of a request body (contract §2.3, security.md §4.2). */
import { compileToSave } from '../../expressions/index.ts';
import { isObject } from '../../shared/json.ts';
import * as schema from '../schema.ts';
import type { FieldReader } from './field-reader.ts';
import { compileFilter } from './user-name-filter.ts';

const IDS = { maxItems: 200, maxLength: 40 };
const MINUTE = 60_000;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i;

/** @param previous the stored policy, whose own fields survive a body without them (rulings 18); null for a new provider */
export function readPolicy(reader: FieldReader, previous: schema.PolicyConfig | null): schema.PolicyConfig {
  const provisioning = 'policy.provisioning';
  const policy: schema.PolicyConfig = {
    provisioning: {
      action: reader.choice(`${provisioning}.action`, schema.SWITCH, 'AUTO'),
      profileMaster: reader.flag(`${provisioning}.profileMaster`, false),
      groups: readGroups(reader),
      conditions: {
        deprovisioned: {
          action: reader.choice(`${provisioning}.conditions.deprovisioned.action`, ['NONE', 'REACTIVATE'], 'NONE'),
        },
        suspended: {
          action: reader.choice(`${provisioning}.conditions.suspended.action`, ['NONE', 'UNSUSPEND'], 'NONE'),
        },
      },
    },
    accountLink: {
      filter: readLinkFilter(reader),
      action: reader.choice('policy.accountLink.action', schema.SWITCH, 'AUTO'),
    },
    subject: readSubject(reader),
    maxClockSkew: reader.integer(
      'policy.maxClockSkew',
      { min: 0, max: schema.MAX_CLOCK_SKEW_MS, unit: 'milliseconds' },
      0,
    ),
    trustClaims: reader.flag('policy.trustClaims', false),
    transformedUsernameMatchingEnabled: false,
    trustEmail: reader.choice('policy.trustEmail', schema.TRUST_EMAIL, previous?.trustEmail ?? 'PROVIDER'),
    trustedDomains: readDomains(reader) ?? previous?.trustedDomains ?? [],
    transactionLifetime: reader.integer(
      'policy.transactionLifetime',
      { min: MINUTE, max: 24 * 60 * MINUTE, unit: 'milliseconds' },
      previous?.transactionLifetime ?? schema.DEFAULT_TRANSACTION_LIFETIME_MS,
    ),
  };
  if (reader.flag('policy.transformedUsernameMatchingEnabled', false))
    reader.refuse('policy.transformedUsernameMatchingEnabled', 'only false is supported');
  if (policy.trustEmail === 'DOMAINS' && policy.trustedDomains.length === 0) {
    reader.refuse('policy.trustedDomains', 'is required where trustEmail is DOMAINS, for example ["example.com"]');
  }
  return policy;
}

function readGroups(reader: FieldReader): schema.PolicyConfig['provisioning']['groups'] {
  const path = 'policy.provisioning.groups';
  const action = reader.choice(`${path}.action`, schema.GROUP_ACTIONS, 'NONE');
  if (action === 'NONE') return { action };
  if (action === 'ASSIGN') {
    const assignments = reader.texts(`${path}.assignments`, IDS) ?? [];
    if (assignments.length === 0) reader.refuse(`${path}.assignments`, 'is required where the action is ASSIGN');
    return { action, assignments };
  }
  const sourceAttributeName = reader.text(`${path}.sourceAttributeName`, { max: 128, required: true }) ?? '';
  return { action, sourceAttributeName, filter: reader.texts(`${path}.filter`, IDS) ?? [] };
}

function readLinkFilter(reader: FieldReader): schema.PolicyConfig['accountLink']['filter'] {
  const path = 'policy.accountLink.filter';
  const filter = reader.at(path);
  if (filter === undefined) return null;
  if (!isObject(filter)) {
    reader.refuse(path, 'must be null or an object with "groups" or "users"');
    return null;
  }
  const include = reader.texts(`${path}.groups.include`, IDS);
  const exclude = reader.texts(`${path}.users.exclude`, IDS);
  const excludeAdmins = reader.at(`${path}.users.excludeAdmins`);
  if (excludeAdmins !== undefined && typeof excludeAdmins !== 'boolean') {
    reader.refuse(`${path}.users.excludeAdmins`, 'must be true or false');
  }
  const users = { exclude: exclude ?? [], ...(typeof excludeAdmins === 'boolean' && { excludeAdmins }) };
  return {
    ...(include !== null && { groups: { include } }),
    ...((exclude !== null || typeof excludeAdmins === 'boolean') && { users }),
  };
}

function readSubject(reader: FieldReader): schema.PolicyConfig['subject'] {
  const path = 'policy.subject';
  const template = reader.text(`${path}.userNameTemplate.template`, { max: 1024 }) ?? 'idpuser.email';
  if (template.length < 9)
    reader.refuse(`${path}.userNameTemplate.template`, 'must have 9 to 1024 characters, for example idpuser.email');
  else {
    const expression = compileToSave(template, 'idpUsername');
    for (const { message, at, hint } of expression.ok ? [] : expression.error) {
      const sentence = `${message} (line ${at.line}, column ${at.column})${hint === undefined ? '' : ` ${hint}`}`;
      reader.refuse(`${path}.userNameTemplate.template`, sentence);
    }
  }
  const filter = reader.text(`${path}.filter`, { max: 1024 });
  const compiled = filter === null ? null : compileFilter(filter);
  if (compiled !== null && !compiled.ok) reader.refuse(`${path}.filter`, compiled.error);
  const matchType = reader.choice(`${path}.matchType`, schema.MATCH_TYPES, 'USERNAME');
  const matchAttribute = reader.text(`${path}.matchAttribute`, {
    max: 128,
    required: matchType === 'CUSTOM_ATTRIBUTE',
  });
  return {
    userNameTemplate: { template },
    filter,
    matchType,
    matchAttribute: matchType === 'CUSTOM_ATTRIBUTE' ? matchAttribute : null,
  };
}

function readDomains(reader: FieldReader): string[] | null {
  const path = 'policy.trustedDomains';
  const domains = reader.texts(path, { maxItems: 500, maxLength: 253 });
  for (const domain of domains ?? []) {
    if (!DOMAIN.test(domain)) reader.refuse(path, `"${domain}" is not a domain name, for example example.com`);
  }
  return domains?.map((domain) => domain.toLowerCase()) ?? null;
}
