/** An application's own claims: which names they may have and that their expressions can run (rulings 46). Pure. */
import { compileToSave } from '../../expressions/index.ts';
import { isProtocolClaim } from '../../protocol/oauth/index.ts';
import { isUnsafeName } from '../../shared/json.ts';
import type { ClaimSetting } from '../schema.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,199}$/;

/** One sentence per mistake, each with the place in the body; empty when the claims can be saved. */
export function claimProblems(claims: readonly ClaimSetting[]): string[] {
  const seen = new Set<string>();
  return claims.flatMap((claim, index) => {
    const problems = [...nameProblems(claim.name, seen), ...expressionProblems(claim.expression)];
    seen.add(claim.name);
    return problems.map((problem) => `claims[${index}].${problem}`);
  });
}

function nameProblems(name: string, seen: ReadonlySet<string>): string[] {
  if (isProtocolClaim(name)) return [`name: "${name}" belongs to the protocol and cannot be made by an expression`];
  if (!NAME.test(name) || isUnsafeName(name)) return ['name: expected letters, digits and _ . : / -'];
  return seen.has(name) ? [`name: "${name}" is there twice`] : [];
}

function expressionProblems(expression: string): string[] {
  const compiled = compileToSave(expression, 'claims');
  if (compiled.ok) return [];
  return compiled.error.map(
    ({ message, at, hint }) =>
      `expression: ${message} (line ${at.line}, column ${at.column})${hint === undefined ? '' : ` ${hint}`}`,
  );
}
