/** How the person and the application of a sign-in are called. */
import type { SignIn } from '../contract.ts';
import { texts } from './texts.ts';

/** A sign-in that still goes on may come to know its person. */
export function personOf({ user, outcome }: Pick<SignIn, 'user' | 'outcome'>): string {
  return user?.login ?? (outcome === 'OPEN' ? texts.notKnownYet : texts.unknownPerson);
}

/** Whoever no application sent arrives at the end-user dashboard. */
export function applicationOf({ application }: Pick<SignIn, 'application'>): string {
  return application === null ? texts.portal : (application.label ?? application.id);
}
