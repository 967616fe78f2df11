/** The words of the pages on which a person sets a password of their own, in every language of the hosted pages. */
import type { Language } from '../language.ts';

/** What a person came for. */
export type Occasion = 'activate' | 'reset' | 'expired';

export type PasswordFault = 'short' | 'long' | 'different' | 'same';

export interface OwnPasswordTexts {
  forgot: string;
  forgotHeading: string;
  forgotWhat: string;
  userNameOrEmail: string;
  send: string;
  back: string;
  sentHeading: string;
  sentWhat: string;
  headings: Record<Occasion, string>;
  explained: Record<Occasion, string>;
  account: string;
  newPassword: string;
  rule: string;
  repeat: string;
  save: string;
  faults: Record<PasswordFault, string>;
}

const en: OwnPasswordTexts = {
  forgot: 'Forgot password?',
  forgotHeading: 'Forgot your password?',
  forgotWhat: 'Enter your user name or e-mail address. You get a message with a link to choose a new password.',
  userNameOrEmail: 'User name or e-mail address',
  send: 'Send the link',
  back: 'Back to sign in',
  sentHeading: 'Look at your messages',
  sentWhat:
    'If an account belongs to what you entered, a message with a link is on its way. The link works for one hour.',
  headings: {
    activate: 'Welcome to {org}',
    reset: 'Choose a new password',
    expired: 'Your password has expired',
  },
  explained: {
    activate: 'Choose a password for your account. Then you are signed in.',
    reset: 'Then you are signed in with it, and signed out everywhere else.',
    expired: 'Choose another one to go on.',
  },
  account: 'Account: {login}',
  newPassword: 'New password',
  rule: 'At least 12 characters.',
  repeat: 'Repeat the new password',
  save: 'Save and sign in',
  faults: {
    short: 'The password is too short. It needs at least 12 characters.',
    long: 'The password is too long. It can have at most 128 characters.',
    different: 'The two passwords are not the same. Type both again.',
    same: 'This is your old password. Choose another one.',
  },
};

const de: OwnPasswordTexts = {
  forgot: 'Passwort vergessen?',
  forgotHeading: 'Passwort vergessen?',
  forgotWhat:
    'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein. Sie erhalten eine Nachricht mit einem Link, um ein neues Passwort zu wählen.',
  userNameOrEmail: 'Benutzername oder E-Mail-Adresse',
  send: 'Link senden',
  back: 'Zurück zur Anmeldung',
  sentHeading: 'Sehen Sie in Ihren Nachrichten nach',
  sentWhat:
    'Wenn zu Ihrer Eingabe ein Konto gehört, ist eine Nachricht mit einem Link unterwegs. Der Link gilt eine Stunde.',
  headings: {
    activate: 'Willkommen bei {org}',
    reset: 'Neues Passwort wählen',
    expired: 'Ihr Passwort ist abgelaufen',
  },
  explained: {
    activate: 'Wählen Sie ein Passwort für Ihr Konto. Danach sind Sie angemeldet.',
    reset: 'Danach sind Sie damit angemeldet und überall sonst abgemeldet.',
    expired: 'Wählen Sie ein anderes, um fortzufahren.',
  },
  account: 'Konto: {login}',
  newPassword: 'Neues Passwort',
  rule: 'Mindestens 12 Zeichen.',
  repeat: 'Neues Passwort wiederholen',
  save: 'Speichern und anmelden',
  faults: {
    short: 'Das Passwort ist zu kurz. Es braucht mindestens 12 Zeichen.',
    long: 'Das Passwort ist zu lang. Es darf höchstens 128 Zeichen haben.',
    different: 'Die beiden Passwörter sind nicht gleich. Geben Sie beide noch einmal ein.',
    same: 'Das ist Ihr altes Passwort. Wählen Sie ein anderes.',
  },
};

const fr: OwnPasswordTexts = {
  forgot: 'Mot de passe oublié\u00a0?',
  forgotHeading: 'Mot de passe oublié\u00a0?',
  forgotWhat:
    'Saisissez votre nom d’utilisateur ou votre adresse e-mail. Vous recevrez un message avec un lien pour choisir un nouveau mot de passe.',
  userNameOrEmail: 'Nom d’utilisateur ou adresse e-mail',
  send: 'Envoyer le lien',
  back: 'Retour à la connexion',
  sentHeading: 'Consultez vos messages',
  sentWhat:
    'Si un compte correspond à votre saisie, un message avec un lien est en route. Le lien est valable une heure.',
  headings: {
    activate: 'Bienvenue chez {org}',
    reset: 'Choisir un nouveau mot de passe',
    expired: 'Votre mot de passe a expiré',
  },
  explained: {
    activate: 'Choisissez un mot de passe pour votre compte. Vous serez ensuite connecté.',
    reset: 'Vous serez ensuite connecté avec lui, et déconnecté partout ailleurs.',
    expired: 'Choisissez-en un autre pour continuer.',
  },
  account: 'Compte\u00a0: {login}',
  newPassword: 'Nouveau mot de passe',
  rule: 'Au moins 12 caractères.',
  repeat: 'Répéter le nouveau mot de passe',
  save: 'Enregistrer et se connecter',
  faults: {
    short: 'Le mot de passe est trop court. Il lui faut au moins 12 caractères.',
    long: 'Le mot de passe est trop long. Il peut avoir 128 caractères au plus.',
    different: 'Les deux mots de passe sont différents. Saisissez-les à nouveau.',
    same: 'C’est votre ancien mot de passe. Choisissez-en un autre.',
  },
};

const nl: OwnPasswordTexts = {
  forgot: 'Wachtwoord vergeten?',
  forgotHeading: 'Wachtwoord vergeten?',
  forgotWhat:
    'Voer uw gebruikersnaam of e-mailadres in. U krijgt een bericht met een link om een nieuw wachtwoord te kiezen.',
  userNameOrEmail: 'Gebruikersnaam of e-mailadres',
  send: 'Link versturen',
  back: 'Terug naar aanmelden',
  sentHeading: 'Bekijk uw berichten',
  sentWhat: 'Als er een account bij uw invoer hoort, is een bericht met een link onderweg. De link werkt één uur.',
  headings: {
    activate: 'Welkom bij {org}',
    reset: 'Kies een nieuw wachtwoord',
    expired: 'Uw wachtwoord is verlopen',
  },
  explained: {
    activate: 'Kies een wachtwoord voor uw account. Daarna bent u aangemeld.',
    reset: 'Daarna bent u ermee aangemeld, en overal elders afgemeld.',
    expired: 'Kies een ander om verder te gaan.',
  },
  account: 'Account: {login}',
  newPassword: 'Nieuw wachtwoord',
  rule: 'Minstens 12 tekens.',
  repeat: 'Herhaal het nieuwe wachtwoord',
  save: 'Opslaan en aanmelden',
  faults: {
    short: 'Het wachtwoord is te kort. Het moet minstens 12 tekens hebben.',
    long: 'Het wachtwoord is te lang. Het mag hoogstens 128 tekens hebben.',
    different: 'De twee wachtwoorden zijn niet gelijk. Voer ze allebei opnieuw in.',
    same: 'Dit is uw oude wachtwoord. Kies een ander.',
  },
};

const CATALOGUES: Readonly<Record<Language, OwnPasswordTexts>> = { en, de, fr, nl };

export const ownPasswordTexts = (language: Language): OwnPasswordTexts => CATALOGUES[language];
