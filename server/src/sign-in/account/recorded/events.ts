/** The System Log events of a federated sign-in that succeeded, in the order of contract §13. */
import type { EventInput, EventTypeName, LogTarget } from '../../../system-log/index.ts';
import type { AccountInput, Settled } from '../account.ts';
import type { Movement } from '../memberships/memberships.ts';

interface FederationFacts {
  now: Date;
  input: AccountInput;
  settled: Settled;
  sessionId: string;
  user: LogTarget;
  changed: string[];
  rejected: { attribute: string; why: string }[];
  joined: readonly Movement[];
  left: readonly Movement[];
}

const REASONS: Record<string, string> = { create: 'JIT', link: 'account link' };
const STATUS_EVENTS = {
  activate: 'user.lifecycle.activate',
  unsuspend: 'user.lifecycle.unsuspend',
  reactivate: 'user.lifecycle.reactivate',
} as const;

/** The provider as a target of a log event (contract §15). */
export const providerTarget = (idp: { id: string; name: string; type: 'OIDC' | 'SAML2' }): LogTarget => ({
  id: idp.id,
  type: 'AppInstance',
  alternateId: idp.name,
  displayName: idp.type === 'SAML2' ? 'SAML 2.0 IdP' : 'OpenID Connect IdP',
});

const groupTarget = (group: { id: string; name: string }): LogTarget => ({
  id: group.id,
  type: 'UserGroup',
  alternateId: 'unknown',
  displayName: group.name,
});

/** By which group rules somebody came or went, as for a change by the management API. */
const namedRules = ({ rules }: Movement): Partial<EventInput> =>
  rules.length === 0
    ? {}
    : {
        debugData: {
          groupRule: rules.map((rule) => rule.name).join(', '),
          groupRuleIds: rules.map((rule) => rule.id).join(','),
        },
      };

export function federationEvents(facts: FederationFacts): EventInput[] {
  const { settled, input, user, now } = facts;
  const { decision, idp } = settled;
  const common = {
    orgId: input.orgId,
    at: now,
    client: input.client,
    requestId: input.requestId,
    transactionId: input.trace.id,
    subjectId: user.id,
  };
  const event = (type: EventTypeName, targets: LogTarget[], more: Partial<EventInput> = {}): EventInput => ({
    ...common,
    type,
    targets,
    ...more,
  });
  const authentication = {
    provider: 'FEDERATION',
    credentialType: 'ASSERTION',
    interface: idp.name,
    sessionId: facts.sessionId,
  };
  const provider = providerTarget(idp);
  const events: EventInput[] = [];

  if (decision.kind === 'create') events.push(event('user.lifecycle.create', [user]));
  for (const group of facts.joined)
    events.push(event('group.user_membership.add', [user, groupTarget(group)], namedRules(group)));
  for (const group of facts.left)
    events.push(event('group.user_membership.remove', [user, groupTarget(group)], namedRules(group)));
  if (decision.kind === 'create') events.push(event('user.lifecycle.activate', [user]));
  else {
    if (decision.statusChange !== null) events.push(event(STATUS_EVENTS[decision.statusChange], [user]));
    if (facts.changed.length > 0)
      events.push(
        event('user.account.update_profile', [user], {
          debugData: { changedAttributes: facts.changed.join(','), source: idp.id },
        }),
      );
  }
  if (decision.kind === 'link' && decision.dropCredentials) {
    events.push(event('gatehouse.sign_in.credentials_dropped', [user, provider], { severity: 'WARN' }));
  }
  if (decision.kind === 'link' && decision.trustedDespiteClaim) {
    events.push(event('gatehouse.sign_in.email_trusted_despite_claim', [user, provider], { severity: 'WARN' }));
  }
  if (facts.rejected.length > 0) {
    const rejected = facts.rejected.map((line) => `${line.attribute}: ${line.why}`).join('; ');
    events.push(
      event('gatehouse.sign_in.attribute_rejected', [user, provider], { severity: 'WARN', debugData: { rejected } }),
    );
  }
  const reason = REASONS[decision.kind];
  events.push(
    event('user.authentication.auth_via_IDP', [provider, user], {
      authentication,
      outcome: { result: 'SUCCESS', ...(reason === undefined ? {} : { reason }) },
      debugData: { row: decision.row },
    }),
    event('user.session.start', [provider, user], { actor: user, authentication }),
  );
  return events;
}
