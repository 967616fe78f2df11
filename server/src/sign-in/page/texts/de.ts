import type { Texts } from './texts.ts';

export const de: Texts = {
  signInTo: 'Anmelden bei {application}',
  signInWith: 'Anmelden mit {name}',
  or: 'oder',
  userName: 'Benutzername',
  password: 'Passwort',
  signIn: 'Anmelden',
  findProvider: 'Anmeldedienst suchen',
  noProvider: 'Kein Anmeldedienst hat diesen Namen.',
  anotherWay: 'Auf andere Weise anmelden',
  returnTo: 'Zurück zu {application}',
  tryAgain: 'Erneut versuchen',
  errorPrefix: 'Fehler: ',

  problems: {
    cancelled: {
      heading: 'Sie haben die Anmeldung abgebrochen',
      what: 'Sie haben den Anmeldedienst verlassen, bevor Sie fertig waren.',
    },
    unavailable: {
      heading: 'Der Anmeldedienst ist nicht erreichbar',
      what: 'Der Dienst, der prüft, wer Sie sind, hat nicht geantwortet.',
    },
    tooLong: {
      heading: 'Die Anmeldung hat zu lange gedauert',
      what: 'Zu Ihrer Sicherheit muss eine Anmeldung in einer bestimmten Zeit fertig sein.',
    },
    pageExpired: {
      heading: 'Diese Seite wird nicht mehr benutzt',
      what: 'Die Anmeldung, zu der sie gehört, ist fertig oder wurde in einem anderen Browser begonnen.',
    },
    staleAnswer: {
      heading: 'Wir haben Ihre Anmeldung verloren',
      what: 'Die Antwort gehört zu keiner Anmeldung, die in diesem Browser offen ist.',
    },
    notAccepted: {
      heading: 'Wir konnten nicht bestätigen, wer Sie sind',
      what: 'Der Anmeldedienst hat geantwortet, aber die Antwort hat unsere Prüfungen nicht bestanden.',
    },
    misconfigured: {
      heading: 'Diese Anmeldung ist nicht richtig eingerichtet',
      what: 'Der Anmeldedienst hat unsere Anfrage nicht angenommen.',
    },
    badRequest: {
      heading: 'Die Anfrage der Anwendung ist nicht verwendbar',
      what: 'Die Anwendung hat Sie mit Angaben hierher geschickt, die fehlen oder nicht eingetragen sind.',
    },
    switchedOff: {
      heading: 'Diese Anmeldung ist abgeschaltet',
      what: 'Ein Administrator hat sie abgeschaltet, bevor Sie fertig waren.',
    },
    applicationOff: {
      heading: 'Diese Anwendung ist abgeschaltet',
      what: 'Ein Administrator hat sie abgeschaltet, bevor Sie fertig waren.',
    },
    elsewhere: {
      heading: 'Bitte melden Sie sich anders an',
      what: 'Ihre Organisation erlaubt diese Art der Anmeldung hier nicht.',
    },
    notAssigned: {
      heading: 'Sie haben keinen Zugang zu dieser Anwendung',
      what: 'Sie sind angemeldet, aber niemand hat Ihnen bisher Zugang gegeben.',
    },
    noAccount: {
      heading: 'Wir haben kein Konto von Ihnen gefunden',
      what: 'Die Anmeldung hat geklappt, aber kein Konto hier gehört Ihnen.',
    },
    missingDetails: {
      heading: 'Wir konnten Ihr Konto nicht anlegen',
      what: 'Der Anmeldedienst hat nicht alle Angaben geschickt, die ein Konto braucht.',
    },
    notCreated: {
      heading: 'Wir konnten Ihr Konto nicht anlegen',
      what: 'Die Angaben des Anmeldedienstes sind für ein Konto nicht verwendbar.',
    },
    notLinked: {
      heading: 'Wir konnten Sie nicht mit Ihrem Konto verbinden',
      what: 'Ein Konto gehört vielleicht Ihnen, darf aber nicht mit dieser Anmeldung verbunden werden.',
    },
    unknownPerson: {
      heading: 'Wir konnten nicht feststellen, welches Konto Ihnen gehört',
      what: 'Die Angaben des Anmeldedienstes ergeben keinen verwendbaren Benutzernamen.',
    },
    closedAccount: {
      heading: 'Ihr Konto ist zurzeit nicht verwendbar',
      what: 'Es ist gesperrt, geschlossen oder noch nicht bereit.',
    },
    tooManyAttempts: {
      heading: 'Zu viele Versuche',
      what: 'Nach mehreren falschen Passwörtern ist die Anmeldung kurz angehalten.',
    },
    wrongPassword: { heading: 'Das hat nicht geklappt', what: 'Der Benutzername oder das Passwort stimmt nicht.' },
    linkGone: {
      heading: 'Dieser Link gilt nicht mehr',
      what: 'Er wurde schon benutzt, ist zu alt, oder es wurde ein neuerer gesendet. Auf der Anmeldeseite können Sie einen neuen anfordern.',
    },
    generic: { heading: 'Wir konnten Sie nicht anmelden', what: 'Unterwegs ist etwas schiefgegangen.' },
  },
  advice: {
    again: 'Versuchen Sie es erneut.',
    later: 'Warten Sie einige Minuten und versuchen Sie es dann erneut.',
    another: 'Melden Sie sich auf andere Weise an.',
    administrator: 'Fragen Sie Ihren Administrator und geben Sie ihm diesen Code.',
    startOver: 'Öffnen Sie die Anwendung erneut und melden Sie sich von dort aus an.',
  },
  notices: {
    noMatch:
      'Sie haben sich angemeldet, aber wir haben hier kein Konto von Ihnen gefunden. Wenn Sie einen Benutzernamen und ein Passwort haben, verwenden Sie sie unten; sonst fragen Sie Ihren Administrator.',
    wrongPassword: 'Der Benutzername oder das Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es erneut.',
    tooManyAttempts: 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es dann erneut.',
    other: 'Das hat nicht geklappt. Versuchen Sie es erneut oder melden Sie sich auf andere Weise an.',
  },
  code: 'Code für Ihren Administrator',
  copy: 'Kopieren',
  copied: 'Kopiert',

  applications: 'Ihre Anwendungen',
  findApplication: 'Anwendung suchen',
  noApplicationFound: 'Keine Anwendung hat diesen Namen.',
  noApplications: 'Sie haben noch keine Anwendungen. Sobald Ihr Administrator Ihnen eine gibt, erscheint sie hier.',
  account: 'Ihr Konto',
  administration: 'Verwaltung',
  signOut: 'Abmelden',
  signedInAs: 'Angemeldet als {person}',
  profile: 'Profil',
  identities: 'So melden Sie sich an',
  noIdentities: 'Mit Ihrem Konto ist kein Anmeldedienst verbunden.',
  since: 'Verbunden am {date}',
  backToApplications: 'Zurück zu Ihren Anwendungen',
  yes: 'Ja',
  no: 'Nein',

  signedOut: 'Sie sind abgemeldet',
  signedOutWhat: 'Wenn Sie diesen Computer teilen, schließen Sie auch den Browser.',
  signInAgain: 'Erneut anmelden',
  confirmSignOut: 'Abmelden?',
  confirmSignOutFrom: 'Bei {application} abmelden?',
  confirmSignOutWhat: 'Sie werden auch hier abgemeldet und müssen sich für jede Anwendung erneut anmelden.',
  staySignedIn: 'Angemeldet bleiben',
  oneMoreStep: 'Noch ein Schritt',
  continueWhat: 'Sie werden zu {host} weitergeleitet. Wenn nichts geschieht, benutzen Sie die Schaltfläche.',
  continue: 'Weiter',

  attributes: {
    login: 'Benutzername',
    email: 'E-Mail',
    secondEmail: 'Zweite E-Mail',
    firstName: 'Vorname',
    middleName: 'Zweiter Vorname',
    lastName: 'Nachname',
    displayName: 'Anzeigename',
    nickName: 'Rufname',
    mobilePhone: 'Mobiltelefon',
    primaryPhone: 'Telefon',
    streetAddress: 'Straße',
    city: 'Ort',
    state: 'Bundesland',
    zipCode: 'Postleitzahl',
    countryCode: 'Land',
    preferredLanguage: 'Sprache',
    locale: 'Gebietsschema',
    timezone: 'Zeitzone',
    title: 'Funktion',
    organization: 'Organisation',
    department: 'Abteilung',
  },
};
