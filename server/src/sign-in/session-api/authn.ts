/**
 * POST /api/v1/authn (contract §10.3): a login and a password for a session token. It has the form's guard and limits, and one answer and
 * one cost for whatever is wrong; a routing rule that is enforced elsewhere binds here too.
 */
import type { FastifyRequest } from 'fastify';
import { inTransaction } from '../../database/index.ts';
import { apiErrors, clientOf } from '../../http/index.ts';
import { after } from '../../shared/clock.ts';
import { randomSecret } from '../../shared/ids.ts';
import { sha256 } from '../../shared/secrets.ts';
import { record } from '../../system-log/index.ts';
import { userTarget } from '../account/index.ts';
import { permits } from '../dispatch.ts';
import { failedGuess } from '../password.ts';
import type { PasswordUser } from '../ports.ts';
import { clientFacts, type SignInContext, whence } from '../service.ts';
import { deniedSession } from '../sessions/sign-on.ts';
import { insertToken, SESSION_TOKEN_LIFETIME } from './tokens.ts';

export interface AuthnWire {
  expiresAt: string;
  status: 'SUCCESS' | 'PASSWORD_EXPIRED';
  sessionToken?: string;
  _embedded: { user: ReturnType<typeof userToWire> };
}

/** Throws E0000004, and E0000047 for too many guesses. */
export async function authenticate(
  context: SignInContext,
  request: FastifyRequest,
  { username, password }: { username: string; password: string },
): Promise<AuthnWire> {
  const { database, clock, ports } = context;
  const orgId = request.org.id;
  const login = username.trim().slice(0, 255);
  const outcome = await ports.passwords.check({ ...whence(request), login, password });
  if (outcome.kind !== 'right') {
    await record(database, failedGuess(request, login, outcome, clock.now()));
    throw outcome.kind === 'limited'
      ? apiErrors.rateLimited(outcome.retryAfterSeconds)
      : apiErrors.authenticationFailed();
  }
  const { user, status } = outcome;
  const about = { orgId, at: clock.now(), client: clientOf(request), requestId: request.id };
  const person = userTarget(user.id, user.profile);
  const route = await ports.routing.decide(orgId, {
    appId: null,
    ...clientFacts(request),
    login: user.login,
    person: user.profile,
  });
  if (!permits(route, null) && !user.isAdministrator) {
    const reason = `The routing rule "${route.rule.name}" is enforced and does not allow a local sign-in.`;
    const outcome = { result: 'FAILURE', reason } as const;
    await record(database, {
      ...about,
      type: 'user.session.start',
      outcome,
      targets: [person],
      authentication: { credentialType: 'PASSWORD' },
      debugData: { code: 'route_enforced' },
    });
    throw apiErrors.authenticationFailed();
  }
  const { groupIds } = user;
  const signOn = await ports.signOn(orgId, { userId: user.id, groupIds, ip: about.client.ip });
  if (signOn.access === 'DENY') {
    await record(database, deniedSession(request, person, signOn, about.at));
    throw apiErrors.authenticationFailed();
  }
  const expires = after(about.at, SESSION_TOKEN_LIFETIME);
  const answer = { expiresAt: expires.toISOString(), _embedded: { user: userToWire(user) } };
  if (status === 'PASSWORD_EXPIRED') return { ...answer, status };
  const token = randomSecret(32);
  await inTransaction(database, async (tx) => {
    await insertToken(tx, { orgId, secretSha256: sha256(token), userId: user.id, created: about.at, expires });
    await record(tx, {
      ...about,
      type: 'user.authentication.verify',
      actor: person,
      targets: [person],
      authentication: { credentialType: 'PASSWORD' },
    });
  });
  return { ...answer, status: 'SUCCESS', sessionToken: token };
}

function userToWire({ id, login, profile, passwordChanged }: PasswordUser) {
  return {
    id,
    passwordChanged: passwordChanged?.toISOString() ?? null,
    profile: {
      login,
      firstName: profile.firstName ?? null,
      lastName: profile.lastName ?? null,
      locale: profile.locale ?? 'en_US',
      timeZone: profile.timezone ?? 'America/Los_Angeles',
    },
  };
}
