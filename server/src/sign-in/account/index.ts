/** The account decision and its commit: match, link, create, refuse (contract §13). */
export { type AccountOutcome, type SignedIn, signInWithIdentity } from './account.ts';
export { CommitConflict, commitSignIn, type Part } from './commit.ts';
export { userTarget } from './plan.ts';
export { providerTarget } from './recorded/events.ts';
