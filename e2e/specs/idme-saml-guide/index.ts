/** ID.me's guide for SAML, followed step by step with its own labels and values. */
import type { Spec } from '../../spec.ts';
import { configuration } from './configure.ts';
import { type Guide, MARY } from './guide.ts';
import { integration } from './integration.ts';

export const idmeSamlGuide: Spec = {
  title: 'The ID.me SAML guide',
  journey: true,
  async tests(stage) {
    const guide: Guide = { stage, admin: await stage.visitor(), idpId: '', person: { ...MARY, uuid: '' } };
    return [...configuration(guide), ...integration(guide)];
  },
};
