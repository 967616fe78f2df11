import type { Texts } from './texts.ts';

export const fr: Texts = {
  activation: {
    subject: 'Bienvenue chez {org}',
    body: `Bonjour {name},

Un compte a été créé pour vous chez {org}. Votre nom d’utilisateur est {login}.

Ouvrez cette adresse pour choisir un mot de passe et vous connecter. Elle sert une seule fois, dans les sept jours\u00a0:

{url}

Si vous n’attendiez pas ce message, vous pouvez l’ignorer.
`,
  },
  password_reset: {
    subject: 'Choisir un nouveau mot de passe pour {org}',
    body: `Bonjour {name},

Un nouveau mot de passe a été demandé pour votre compte chez {org}. Votre nom d’utilisateur est {login}.

Ouvrez cette adresse pour en choisir un. Elle sert une seule fois, dans l’heure\u00a0:

{url}

Si vous ne l’avez pas demandé, vous pouvez ignorer ce message\u00a0: votre mot de passe ne change pas.
`,
  },
};
