import type { Texts } from './texts.ts';

export const nl: Texts = {
  activation: {
    subject: 'Welkom bij {org}',
    body: `Hallo {name},

Bij {org} is een account voor u gemaakt. Uw gebruikersnaam is {login}.

Open dit adres om een wachtwoord te kiezen en u aan te melden. Het werkt één keer, binnen zeven dagen:

{url}

Als u dit bericht niet verwachtte, kunt u het negeren.
`,
  },
  password_reset: {
    subject: 'Kies een nieuw wachtwoord voor {org}',
    body: `Hallo {name},

Er is een nieuw wachtwoord aangevraagd voor uw account bij {org}. Uw gebruikersnaam is {login}.

Open dit adres om er een te kiezen. Het werkt één keer, binnen een uur:

{url}

Als u dit niet hebt aangevraagd, kunt u dit bericht negeren: uw wachtwoord blijft zoals het is.
`,
  },
};
