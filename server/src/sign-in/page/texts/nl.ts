import type { Texts } from './texts.ts';

export const nl: Texts = {
  signInTo: 'Aanmelden bij {application}',
  signInWith: 'Aanmelden met {name}',
  or: 'of',
  userName: 'Gebruikersnaam',
  password: 'Wachtwoord',
  signIn: 'Aanmelden',
  findProvider: 'Zoek uw aanmelddienst',
  noProvider: 'Geen aanmelddienst heeft deze naam.',
  anotherWay: 'Op een andere manier aanmelden',
  returnTo: 'Terug naar {application}',
  tryAgain: 'Opnieuw proberen',
  errorPrefix: 'Fout: ',

  problems: {
    cancelled: {
      heading: 'U hebt het aanmelden afgebroken',
      what: 'U hebt de aanmelddienst verlaten voordat u klaar was.',
    },
    unavailable: {
      heading: 'De aanmelddienst is niet bereikbaar',
      what: 'De dienst die controleert wie u bent, gaf geen antwoord.',
    },
    tooLong: {
      heading: 'Het aanmelden duurde te lang',
      what: 'Voor uw veiligheid moet u het aanmelden binnen een bepaalde tijd afronden.',
    },
    pageExpired: {
      heading: 'Deze pagina is niet meer in gebruik',
      what: 'Het aanmelden waar ze bij hoort is afgerond, of is in een andere browser begonnen.',
    },
    staleAnswer: {
      heading: 'We zijn uw aanmelding kwijt',
      what: 'Het antwoord dat we kregen, hoort niet bij een aanmelding die in deze browser open staat.',
    },
    notAccepted: {
      heading: 'We konden niet bevestigen wie u bent',
      what: 'De aanmelddienst gaf antwoord, maar dat antwoord doorstond onze controles niet.',
    },
    misconfigured: {
      heading: 'Deze manier van aanmelden is niet goed ingesteld',
      what: 'De aanmelddienst aanvaardde onze vraag niet.',
    },
    badRequest: {
      heading: 'De vraag van de toepassing is niet bruikbaar',
      what: 'De toepassing stuurde u hierheen met gegevens die ontbreken of niet geregistreerd zijn.',
    },
    switchedOff: {
      heading: 'Deze manier van aanmelden is uitgeschakeld',
      what: 'Een beheerder schakelde ze uit voordat u klaar was.',
    },
    applicationOff: {
      heading: 'Deze toepassing is uitgeschakeld',
      what: 'Een beheerder schakelde ze uit voordat u klaar was.',
    },
    elsewhere: {
      heading: 'Meld u op een andere manier aan',
      what: 'Uw organisatie staat deze manier van aanmelden hier niet toe.',
    },
    notAssigned: {
      heading: 'U hebt geen toegang tot deze toepassing',
      what: 'U bent aangemeld, maar niemand heeft u al toegang gegeven.',
    },
    noAccount: {
      heading: 'We vonden geen account van u',
      what: 'Het aanmelden lukte, maar geen enkel account hier is van u.',
    },
    missingDetails: {
      heading: 'We konden uw account niet aanmaken',
      what: 'De aanmelddienst stuurde niet alle gegevens die voor een account nodig zijn.',
    },
    notCreated: {
      heading: 'We konden uw account niet aanmaken',
      what: 'De gegevens die de aanmelddienst stuurde, zijn niet bruikbaar voor een account.',
    },
    notLinked: {
      heading: 'We konden u niet met uw account verbinden',
      what: 'Er is een account dat misschien van u is, maar het mag niet met deze manier van aanmelden verbonden worden.',
    },
    unknownPerson: {
      heading: 'We konden niet bepalen welk account van u is',
      what: 'De gegevens die de aanmelddienst stuurde, leiden niet tot een bruikbare gebruikersnaam.',
    },
    closedAccount: {
      heading: 'Uw account is nu niet bruikbaar',
      what: 'Het is geblokkeerd, gesloten of nog niet klaar.',
    },
    tooManyAttempts: {
      heading: 'Te veel pogingen',
      what: 'Na enkele foute wachtwoorden is aanmelden even niet mogelijk.',
    },
    wrongPassword: { heading: 'Dat lukte niet', what: 'De gebruikersnaam of het wachtwoord is niet juist.' },
    linkGone: {
      heading: 'Deze link werkt niet meer',
      what: 'Hij is al gebruikt, is te oud, of er is een nieuwere verstuurd. Op de aanmeldpagina kunt u een nieuwe aanvragen.',
    },
    generic: { heading: 'We konden u niet aanmelden', what: 'Onderweg is iets misgegaan.' },
  },
  advice: {
    again: 'Probeer het opnieuw.',
    later: 'Wacht enkele minuten en probeer het dan opnieuw.',
    another: 'Meld u op een andere manier aan.',
    administrator: 'Vraag het uw beheerder en geef deze code door.',
    startOver: 'Open de toepassing opnieuw en meld u van daaruit aan.',
  },
  notices: {
    noMatch:
      'U hebt u aangemeld, maar we vonden hier geen account van u. Hebt u een gebruikersnaam en wachtwoord, gebruik ze dan hieronder; vraag het anders uw beheerder.',
    wrongPassword: 'De gebruikersnaam of het wachtwoord is niet juist. Controleer beide en probeer het opnieuw.',
    tooManyAttempts: 'Te veel pogingen. Wacht even en probeer het dan opnieuw.',
    other: 'Dat lukte niet. Probeer het opnieuw of meld u op een andere manier aan.',
  },
  code: 'Code voor uw beheerder',
  copy: 'Kopiëren',
  copied: 'Gekopieerd',

  applications: 'Uw toepassingen',
  findApplication: 'Zoek een toepassing',
  noApplicationFound: 'Geen toepassing heeft deze naam.',
  noApplications: 'U hebt nog geen toepassingen. Zodra uw beheerder u er een geeft, staat ze hier.',
  account: 'Uw account',
  administration: 'Beheer',
  signOut: 'Afmelden',
  signedInAs: 'Aangemeld als {person}',
  profile: 'Profiel',
  identities: 'Hoe u zich aanmeldt',
  noIdentities: 'Er is geen aanmelddienst met uw account verbonden.',
  since: 'Verbonden op {date}',
  backToApplications: 'Terug naar uw toepassingen',
  yes: 'Ja',
  no: 'Nee',

  signedOut: 'U bent afgemeld',
  signedOutWhat: 'Deelt u deze computer, sluit dan ook de browser.',
  signInAgain: 'Opnieuw aanmelden',
  confirmSignOut: 'Afmelden?',
  confirmSignOutFrom: 'Afmelden bij {application}?',
  confirmSignOutWhat: 'U wordt ook hier afgemeld en moet u voor elke toepassing opnieuw aanmelden.',
  staySignedIn: 'Aangemeld blijven',
  oneMoreStep: 'Nog één stap',
  continueWhat: 'U wordt doorgestuurd naar {host}. Gebeurt er niets, gebruik dan de knop.',
  continue: 'Doorgaan',

  attributes: {
    login: 'Gebruikersnaam',
    email: 'E-mail',
    secondEmail: 'Tweede e-mail',
    firstName: 'Voornaam',
    middleName: 'Tweede voornaam',
    lastName: 'Achternaam',
    displayName: 'Weergavenaam',
    nickName: 'Roepnaam',
    mobilePhone: 'Mobiele telefoon',
    primaryPhone: 'Telefoon',
    streetAddress: 'Straat',
    city: 'Plaats',
    state: 'Provincie',
    zipCode: 'Postcode',
    countryCode: 'Land',
    preferredLanguage: 'Taal',
    locale: 'Landinstelling',
    timezone: 'Tijdzone',
    title: 'Functie',
    organization: 'Organisatie',
    department: 'Afdeling',
  },
};
