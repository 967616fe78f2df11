/** ID.me's guide for OpenID Connect, followed step by step with its own labels and values. */
import type { Spec } from '../../spec.ts';
import { configuration } from './configure.ts';
import { GARY, type Guide } from './guide.ts';
import { option1 } from './option-1.ts';
import { option2 } from './option-2.ts';
import { inactiveRule } from './rule.ts';

export const idmeGuide: Spec = {
  title: 'The ID.me guide',
  journey: true,
  async tests(stage) {
    const guide: Guide = {
      stage,
      admin: await stage.visitor(),
      credentials: { id: '', secret: '' },
      idpId: '',
      clientId: '',
      person: { ...GARY, uuid: '' },
    };
    return [...configuration(guide), ...option1(guide), ...option2(guide), ...inactiveRule(guide)];
  },
};
