/** What a catalogue must say. `{name}`, `{application}` and the like are filled in by `fill`; everything else is plain text. */

/** What went wrong, as a person understands it; problem-codes.ts says which code is which. */
export type ProblemKind =
  | 'cancelled'
  | 'unavailable'
  | 'tooLong'
  | 'pageExpired'
  | 'staleAnswer'
  | 'notAccepted'
  | 'misconfigured'
  | 'badRequest'
  | 'switchedOff'
  | 'applicationOff'
  | 'elsewhere'
  | 'signOnDenied'
  | 'notAssigned'
  | 'noAccount'
  | 'missingDetails'
  | 'notCreated'
  | 'notLinked'
  | 'unknownPerson'
  | 'closedAccount'
  | 'tooManyAttempts'
  | 'wrongPassword'
  | 'linkGone'
  | 'generic';

/** What the person can do about it. */
export type Advice =
  | 'again'
  | 'later'
  | 'another'
  | 'administrator'
  | 'startOver'
  | 'newResetLink'
  | 'newActivationLink';

export type NoticeKind = 'noMatch' | 'wrongPassword' | 'tooManyAttempts' | 'other';

/** Attributes that have a label, in the order in which a profile is shown. */
export const ATTRIBUTE_NAMES = [
  'login',
  'email',
  'secondEmail',
  'firstName',
  'middleName',
  'lastName',
  'displayName',
  'nickName',
  'mobilePhone',
  'primaryPhone',
  'streetAddress',
  'city',
  'state',
  'zipCode',
  'countryCode',
  'preferredLanguage',
  'locale',
  'timezone',
  'title',
  'organization',
  'department',
] as const;

export type AttributeName = (typeof ATTRIBUTE_NAMES)[number];

export interface Texts {
  signInTo: string;
  signInWith: string;
  or: string;
  userName: string;
  password: string;
  signIn: string;
  next: string;
  anotherUserName: string;
  findProvider: string;
  noProvider: string;
  anotherWay: string;
  returnTo: string;
  tryAgain: string;
  errorPrefix: string;

  problems: Record<ProblemKind, { heading: string; what: string }>;
  advice: Record<Advice, string>;
  notices: Record<NoticeKind, string>;
  code: string;
  copy: string;
  copied: string;
  forDeveloper: string;

  applications: string;
  findApplication: string;
  noApplicationFound: string;
  noApplications: string;
  account: string;
  administration: string;
  signOut: string;
  signedInAs: string;
  profile: string;
  identities: string;
  noIdentities: string;
  since: string;
  backToApplications: string;
  sessions: {
    heading: string;
    thisDevice: string;
    lastUsed: string;
    browserOn: string;
    unknownBrowser: string;
    byProvider: string;
    byPassword: string;
    endOthers: string;
    endOthersWhat: string;
  };
  yes: string;
  no: string;

  signedOut: string;
  signedOutWhat: string;
  signInAgain: string;
  confirmSignOut: string;
  confirmSignOutFrom: string;
  confirmSignOutWhat: string;
  /** Where no application is left first. */
  confirmSignOutHere: string;
  staySignedIn: string;
  oneMoreStep: string;
  continueWhat: string;
  continue: string;

  /** Other attributes are shown under the title that the schema gives them. */
  attributes: Record<AttributeName, string>;
}

/** Puts values into the places of a text; a place without a value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (Object.hasOwn(values, name) ? values[name]! : place));
}
