/** A sign-in at somebody else's: sent away, and received again. */
export { leaveProvider, receiveLogout } from './logout.ts';
export { CALLBACK, receiveFromProvider } from './receive.ts';
export { ACS_PATH, receiveSaml } from './receive-saml.ts';
export { sendToProvider } from './send.ts';
