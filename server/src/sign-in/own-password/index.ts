/**
 * sign-in/own-password: a person sets a password of their own: by a link (the first sign-in, a reset), or because the old one has expired;
 * and asks for such a link. The links themselves and the password are the directory's, by a port.
 */
export { askForLink, showForgot } from './forgot.ts';
export { redeemLink, showLink } from './link.ts';
export { renewPassword, showRenewal } from './renew.ts';
