/**
 * The catalogue: every type of event that the hub records, one row each (contract §15). `hook`: an event hook may subscribe to it.
 * Types under `gatehouse.` are our own.
 */
export interface EventType {
  displayMessage: string;
  legacyEventType?: string;
  hook: boolean;
}

const hook = (displayMessage: string, legacyEventType?: string): EventType => ({
  displayMessage,
  legacyEventType,
  hook: true,
});
const only = (displayMessage: string, legacyEventType?: string): EventType => ({
  displayMessage,
  legacyEventType,
  hook: false,
});

export const EVENT_TYPES = {
  'user.authentication.auth_via_IDP': hook('Authenticate user via IDP', 'core.user_auth.idp.oidc.login'),
  'user.authentication.sso': hook('User single sign on to app', 'app.auth.sso'),
  'user.authentication.verify': only('Verify user identity'),
  'user.session.start': hook('User login to {product}', 'core.user_auth.login_success'),
  'user.session.end': hook('User logout from {product}', 'core.user_auth.logout_success'),
  'user.session.clear': hook('Clear user session'),
  'user.lifecycle.create': hook('Create {product} user', 'core.user.config.user_creation.success'),
  'user.lifecycle.activate': hook('Activate {product} user', 'core.user.config.user_activated'),
  'user.lifecycle.deactivate': hook('Deactivate {product} user', 'core.user.config.user_deactivated'),
  'user.lifecycle.suspend': hook('Suspend {product} user'),
  'user.lifecycle.unsuspend': hook('Unsuspend {product} user'),
  'user.lifecycle.reactivate': hook('Reactivate {product} user'),
  'user.lifecycle.delete.initiated': hook('Initiate deletion of {product} user'),
  'user.lifecycle.delete.completed': only('Delete {product} user'),
  'user.lifecycle.jit.error.read_only': only('Perform user just-in-time provisioning: read-only error'),
  'user.account.update_profile': hook('Update user profile for {product}', 'core.user.config.profile_update.success'),
  'user.account.update_password': hook('Update user password for {product}'),
  'user.account.lock': hook('Max sign in attempts exceeded'),
  'user.account.privilege.grant': hook('Grant user privilege'),
  'user.account.privilege.revoke': hook('Revoke user privilege'),
  'group.lifecycle.create': hook('Create {product} group'),
  'group.lifecycle.delete': hook('Delete {product} group'),
  'group.profile.update': hook('Update {product} group'),
  'group.user_membership.add': hook('Add user to group membership', 'core.user_group_member.user_add'),
  'group.user_membership.remove': hook('Remove user from group membership', 'core.user_group_member.user_remove'),
  'group.application_assignment.add': hook('Add assignment of group to application'),
  'group.application_assignment.remove': hook('Remove assignment of group to application'),
  'group.application_assignment.update': hook('Update assignment of group to application'),
  'application.lifecycle.create': hook('Create application'),
  'application.lifecycle.update': hook('Update application'),
  'application.lifecycle.activate': hook('Activate application'),
  'application.lifecycle.deactivate': hook('Deactivate application'),
  'application.lifecycle.delete': hook('Delete application'),
  'application.user_membership.add': hook(
    'Add user to application membership',
    'app.generic.provision.assign_user_to_app',
  ),
  'application.user_membership.remove': hook('Remove user from application membership'),
  'application.user_membership.update': hook('Update user application property'),
  'system.idp.lifecycle.create': hook('Create Identity Provider'),
  'system.idp.lifecycle.update': hook('Update Identity Provider'),
  'system.idp.lifecycle.activate': hook('Activate Identity Provider'),
  'system.idp.lifecycle.deactivate': hook('Deactivate Identity Provider'),
  'system.idp.lifecycle.delete': hook('Delete Identity Provider'),
  'system.idp.lifecycle.read_client_secret': hook('Read client secret of Identity Provider'),
  'system.api_token.create': hook('Create API token'),
  'system.api_token.revoke': hook('Revoke API token'),
  'system.api_token.update': only('Update API token'),
  'policy.lifecycle.update': hook('Update policy'),
  'policy.rule.add': hook('Add policy rule'),
  'policy.rule.update': hook('Update policy rule'),
  'policy.rule.activate': hook('Activate policy rule'),
  'policy.rule.deactivate': hook('Deactivate policy rule'),
  'policy.rule.delete': hook('Delete policy rule'),
  'policy.evaluate_sign_on': only('Evaluation of sign-on policy'),
  'directory.mapping.update': only('Update mapping'),
  'directory.user_profile.update': only('Update user profile schema'),
  'app.oauth2.authorize': only('OAuth2 authorization request'),
  'app.oauth2.authorize.code': only('OIDC authorization code request'),
  'app.oauth2.authorize.implicit.id_token': only('OIDC implicit ID token request'),
  'app.oauth2.token.grant': only('OAuth2 token request'),
  'app.oauth2.token.grant.id_token': only('OIDC ID token is granted'),
  'app.oauth2.token.grant.access_token': only('OAuth2 access token is granted'),
  'app.oauth2.token.grant.refresh_token': only('OAuth2 refresh token is granted'),
  'app.oauth2.token.revoke': only('OAuth2 token revocation request'),
  'app.oauth2.token.reuse': only(
    'A used authorization code or refresh token was presented again: its tokens were revoked',
  ),
  'app.oauth2.client.authentication': only('OAuth2 client authentication'),
  'gatehouse.sign_in.attribute_rejected': only('A mapped attribute kept its old value'),
  'gatehouse.sign_in.credentials_dropped': only('Unverified local credentials were removed at linking'),
  'gatehouse.sign_in.email_trusted_despite_claim': only('An unverified e-mail address was trusted by setting'),
  'gatehouse.sign_in.administrator_outside_policy': only('An administrator signed in past a routing rule'),
  'gatehouse.sign_in.no_route': only('No way to sign in was found'),
  'gatehouse.signing_key.rotate': only('Rotate signing key'),
  'gatehouse.org.create': only('Create org'),
  'gatehouse.org.update': only('Update org'),
  'gatehouse.egress.allow': only('Allow outbound calls to private addresses'),
  'gatehouse.external_identity.link': only('Link user to identity provider'),
  'gatehouse.external_identity.unlink': only('Unlink user from identity provider'),
} as const satisfies Record<string, EventType>;

export type EventTypeName = keyof typeof EVENT_TYPES;
