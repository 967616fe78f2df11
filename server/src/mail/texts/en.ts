import type { Texts } from './texts.ts';

export const en: Texts = {
  activation: {
    subject: 'Welcome to {org}',
    body: `Hello {name},

An account was made for you at {org}. Your user name is {login}.

Open this address to choose a password and sign in. It works once, within seven days:

{url}

If you did not expect this message, you can ignore it.
`,
  },
  password_reset: {
    subject: 'Choose a new password for {org}',
    body: `Hello {name},

Somebody asked for a new password for your account at {org}. Your user name is {login}.

Open this address to choose one. It works once, within an hour:

{url}

If you did not ask for it, you can ignore this message: your password stays as it is.
`,
  },
};
