/** Under which conditions an assertion holds (SAML core §2.5). What is not known is refused, not skipped. */
import { childrenNamed, type Element, textOf } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';
import { SAML } from '../names.ts';
import { type Clock, instantAt, requireBefore, requireBegun } from './times.ts';

const KNOWN = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

/** Their end; null where they name none. Throws Refused. */
export function checkConditions(conditions: Element, audience: string, clock: Clock): Date | null {
  for (const child of conditions.children) {
    if (child.namespace !== SAML || !KNOWN.includes(child.name))
      refuse('saml_conditions', `The assertion has the condition ${shown(child.name)}, which is not understood.`);
  }
  const notBefore = instantAt(conditions, 'NotBefore');
  const notOnOrAfter = instantAt(conditions, 'NotOnOrAfter');
  if (notBefore !== null) requireBegun(notBefore, 'The validity of the assertion', clock);
  if (notOnOrAfter !== null) requireBefore(notOnOrAfter, 'The validity of the assertion', clock);
  if (notBefore !== null && notOnOrAfter !== null && notBefore >= notOnOrAfter)
    refuse('saml_conditions', 'The validity of the assertion ends before it begins.');
  requireAudience(conditions, audience);
  return notOnOrAfter;
}

/** Every restriction must name the hub; within one, any of its audiences. */
function requireAudience(conditions: Element, audience: string): void {
  const restrictions = childrenNamed(conditions, SAML, 'AudienceRestriction');
  if (restrictions.length === 0)
    refuse('saml_audience', `The assertion names no audience; expected is ${shown(audience)}.`);
  for (const restriction of restrictions) {
    const named = childrenNamed(restriction, SAML, 'Audience').map(textOf);
    if (!named.includes(audience))
      refuse(
        'saml_audience',
        `The audience is ${named.slice(0, 3).map(shown).join(', ') || 'nothing'}; expected is ${shown(audience)}.`,
      );
  }
}
