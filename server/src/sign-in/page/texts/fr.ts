import type { Texts } from './texts.ts';

export const fr: Texts = {
  signInTo: 'Se connecter à {application}',
  signInWith: 'Se connecter avec {name}',
  or: 'ou',
  userName: 'Nom d’utilisateur',
  password: 'Mot de passe',
  signIn: 'Se connecter',
  next: 'Suivant',
  anotherUserName: 'Utiliser un autre nom d’utilisateur',
  findProvider: 'Cherchez votre service de connexion',
  noProvider: 'Aucun service de connexion ne porte ce nom.',
  anotherWay: 'Se connecter autrement',
  returnTo: 'Revenir à {application}',
  tryAgain: 'Réessayer',
  errorPrefix: 'Erreur\u00a0: ',

  problems: {
    cancelled: {
      heading: 'Vous avez annulé la connexion',
      what: 'Vous avez quitté le service de connexion avant d’avoir terminé.',
    },
    unavailable: {
      heading: 'Le service de connexion n’est pas disponible',
      what: 'Le service qui vérifie votre identité n’a pas répondu.',
    },
    tooLong: {
      heading: 'La connexion a pris trop de temps',
      what: 'Pour votre sécurité, une connexion doit être terminée dans un délai fixé.',
    },
    pageExpired: {
      heading: 'Cette page n’est plus utilisée',
      what: 'La connexion à laquelle elle appartient est terminée, ou a commencé dans un autre navigateur.',
    },
    staleAnswer: {
      heading: 'Nous avons perdu le fil de votre connexion',
      what: 'La réponse reçue n’appartient à aucune connexion ouverte dans ce navigateur.',
    },
    notAccepted: {
      heading: 'Nous n’avons pas pu confirmer votre identité',
      what: 'Le service de connexion a répondu, mais sa réponse n’a pas passé nos contrôles.',
    },
    misconfigured: {
      heading: 'Ce moyen de connexion est mal configuré',
      what: 'Le service de connexion n’a pas accepté notre demande.',
    },
    badRequest: {
      heading: 'La demande de l’application est inutilisable',
      what: 'Des données envoyées par l’application manquent ou ne sont pas enregistrées.',
    },
    switchedOff: {
      heading: 'Ce moyen de connexion est désactivé',
      what: 'Un administrateur l’a désactivé avant que vous ayez terminé.',
    },
    applicationOff: {
      heading: 'Cette application est désactivée',
      what: 'Un administrateur l’a désactivée avant que vous ayez terminé.',
    },
    elsewhere: {
      heading: 'Connectez-vous autrement',
      what: 'Votre organisation n’autorise pas ce moyen de connexion ici.',
    },
    signOnDenied: {
      heading: 'Vous ne pouvez pas vous connecter ici',
      what: 'Votre identité est prouvée, mais les règles de votre organisation ne vous laissent pas entrer d’ici ou avec ce compte.',
    },
    notAssigned: {
      heading: 'Vous n’avez pas accès à cette application',
      what: 'Vous êtes connecté, mais personne ne vous y a encore donné accès.',
    },
    noAccount: {
      heading: 'Nous n’avons trouvé aucun compte à votre nom',
      what: 'La connexion a réussi, mais aucun compte ici n’est le vôtre.',
    },
    missingDetails: {
      heading: 'Nous n’avons pas pu créer votre compte',
      what: 'Le service de connexion n’a pas envoyé toutes les données nécessaires à un compte.',
    },
    notCreated: {
      heading: 'Nous n’avons pas pu créer votre compte',
      what: 'Les données envoyées par le service de connexion ne conviennent pas à un compte.',
    },
    notLinked: {
      heading: 'Nous n’avons pas pu vous relier à votre compte',
      what: 'Un compte est peut-être le vôtre, mais il ne peut pas être relié à ce moyen de connexion.',
    },
    unknownPerson: {
      heading: 'Nous n’avons pas pu savoir quel compte est le vôtre',
      what: 'Les données envoyées par le service de connexion ne donnent pas de nom d’utilisateur utilisable.',
    },
    closedAccount: {
      heading: 'Votre compte est inutilisable pour le moment',
      what: 'Il est suspendu, fermé ou pas encore prêt.',
    },
    tooManyAttempts: {
      heading: 'Trop de tentatives',
      what: 'Après plusieurs mots de passe incorrects, la connexion est suspendue un court moment.',
    },
    wrongPassword: {
      heading: 'Cela n’a pas fonctionné',
      what: 'Le nom d’utilisateur ou le mot de passe est incorrect.',
    },
    linkGone: {
      heading: 'Ce lien n’est plus valable',
      what: 'Il a déjà servi, il est trop ancien, ou un plus récent a été envoyé.',
    },
    generic: { heading: 'Nous n’avons pas pu vous connecter', what: 'Un problème est survenu en chemin.' },
  },
  advice: {
    again: 'Réessayez.',
    later: 'Attendez quelques minutes, puis réessayez.',
    another: 'Connectez-vous autrement.',
    administrator: 'Adressez-vous à votre administrateur et donnez-lui ce code.',
    startOver: 'Ouvrez de nouveau l’application et connectez-vous à partir de là.',
    newResetLink: 'Demandez-en un nouveau avec «\u00a0Mot de passe oublié\u00a0?\u00a0» sur la page de connexion.',
    newActivationLink:
      'Si vous avez déjà choisi un mot de passe, connectez-vous avec lui. Sinon, demandez un nouveau lien à votre administrateur.',
  },
  notices: {
    noMatch:
      'Vous êtes identifié, mais nous n’avons trouvé ici aucun compte à votre nom. Si vous avez un nom d’utilisateur et un mot de passe, utilisez-les ci-dessous\u00a0; sinon, adressez-vous à votre administrateur.',
    wrongPassword: 'Le nom d’utilisateur ou le mot de passe est incorrect. Vérifiez-les et réessayez.',
    tooManyAttempts: 'Trop de tentatives. Attendez un moment, puis réessayez.',
    other: 'Cela n’a pas fonctionné. Réessayez ou connectez-vous autrement.',
  },
  code: 'Code pour votre administrateur',
  copy: 'Copier',
  copied: 'Copié',
  forDeveloper: 'Pour le développeur',

  applications: 'Vos applications',
  findApplication: 'Chercher une application',
  noApplicationFound: 'Aucune application ne porte ce nom.',
  noApplications:
    'Vous n’avez pas encore d’application. Dès que votre administrateur vous en donne une, elle apparaît ici.',
  account: 'Votre compte',
  administration: 'Administration',
  signOut: 'Se déconnecter',
  signedInAs: 'Connecté en tant que {person}',
  profile: 'Profil',
  identities: 'Vos moyens de connexion',
  noIdentities: 'Aucun service de connexion n’est relié à votre compte.',
  since: 'Relié le {date}',
  backToApplications: 'Retour à vos applications',
  yes: 'Oui',
  no: 'Non',

  signedOut: 'Vous êtes déconnecté',
  signedOutWhat: 'Si vous partagez cet appareil, fermez aussi le navigateur.',
  signInAgain: 'Se reconnecter',
  confirmSignOut: 'Se déconnecter\u00a0?',
  confirmSignOutFrom: 'Se déconnecter de {application}\u00a0?',
  confirmSignOutWhat: 'Vous serez déconnecté ici aussi et devrez vous reconnecter pour chaque application.',
  confirmSignOutHere: 'Vous devrez vous reconnecter pour chaque application.',
  staySignedIn: 'Rester connecté',
  oneMoreStep: 'Encore une étape',
  continueWhat: 'Vous allez être envoyé vers {host}. Si rien ne se passe, utilisez le bouton.',
  continue: 'Continuer',

  attributes: {
    login: 'Nom d’utilisateur',
    email: 'E-mail',
    secondEmail: 'Second e-mail',
    firstName: 'Prénom',
    middleName: 'Deuxième prénom',
    lastName: 'Nom',
    displayName: 'Nom affiché',
    nickName: 'Surnom',
    mobilePhone: 'Téléphone mobile',
    primaryPhone: 'Téléphone',
    streetAddress: 'Rue',
    city: 'Ville',
    state: 'Région',
    zipCode: 'Code postal',
    countryCode: 'Pays',
    preferredLanguage: 'Langue',
    locale: 'Paramètres régionaux',
    timezone: 'Fuseau horaire',
    title: 'Fonction',
    organization: 'Organisation',
    department: 'Service',
  },
};
