/** sign-in/portal: what a signed-in person sees of the hub itself: the applications, the account with its sessions, the way out. */
export { account, signOutElsewhere } from './account.ts';
export { portal, signedOut, startAtProvider } from './portal.ts';
