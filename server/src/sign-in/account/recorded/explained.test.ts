import { describe, expect, test } from 'vitest';
import { compile } from '../../../expressions/index.ts';
import type { Decision } from '../decide.ts';
import { refusals } from '../refusals.ts';
import { explained } from './explained.ts';

const program = compile('appuser.lname', 'idpToUser');
if (!program.ok) throw new Error('the expression does not compile');
const mapping = { properties: [{ target: 'lastName', program: program.value, push: true }] };
const silence = { reason: 'The provider released no claims about the person.', hint: 'Compare the scopes.' };

function said(decision: Decision, missing: string[] = [], identity: { silence?: typeof silence } = {}) {
  const result = explained(decision, { identity, mapping, prepared: { problems: { missing } } });
  return result.kind === 'refuse' ? result : null;
}

describe('a refusal for want of something', () => {
  test('names the mapping that gave no value, and the one that is not there', () => {
    const names = ['lastName', 'firstName'];
    const { reason, hint, client } = said(refusals.missing(names), names)!;
    expect(reason).toContain(`'lastName' is mapped from "appuser.lname", which gave no value.`);
    expect(reason).toContain("No mapping writes 'firstName'.");
    expect(hint).toBeUndefined();
    expect(client).toEqual(refusals.missing(names).client);
  });

  test('says so where the provider released nothing at all', () => {
    const { reason, hint } = said(refusals.userName('missed_field', 'email'), [], { silence })!;
    expect(reason).toMatch(/needs 'email'.* The provider released no claims about the person\.$/);
    expect(hint).toBe(silence.hint);
  });
});

test('any other decision stays as it is', () => {
  for (const decision of [refusals.ambiguous(), refusals.status('SUSPENDED'), { kind: 'create', row: 7 }] as const)
    expect(explained(decision, { identity: { silence }, mapping, prepared: { problems: { missing: ['x'] } } })).toBe(
      decision,
    );
});
