import type { Texts } from './texts.ts';

export const de: Texts = {
  activation: {
    subject: 'Willkommen bei {org}',
    body: `Guten Tag {name},

bei {org} wurde ein Konto für Sie angelegt. Ihr Benutzername ist {login}.

Öffnen Sie diese Adresse, um ein Passwort zu wählen und sich anzumelden. Sie gilt einmal, innerhalb von sieben Tagen:

{url}

Wenn Sie diese Nachricht nicht erwartet haben, können Sie sie ignorieren.
`,
  },
  password_reset: {
    subject: 'Neues Passwort für {org} wählen',
    body: `Guten Tag {name},

für Ihr Konto bei {org} wurde ein neues Passwort angefordert. Ihr Benutzername ist {login}.

Öffnen Sie diese Adresse, um eines zu wählen. Sie gilt einmal, innerhalb einer Stunde:

{url}

Wenn Sie das nicht angefordert haben, können Sie diese Nachricht ignorieren: Ihr Passwort bleibt, wie es ist.
`,
  },
};
