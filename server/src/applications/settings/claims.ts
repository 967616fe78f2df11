/** An application's own claims: which names they may have and that their expressions can run (rulings 46). Pure. */
import { compile } from '../../expressions/index.ts';
import { isUnsafeName } from '../../shared/json.ts';
import type { ClaimSetting } from '../schema.ts';

/** Claims that the protocol or the hub itself makes; an expression may not (OpenID Connect Core §2, RFC 9068, contract §11.4). */
export const PROTOCOL_CLAIMS: ReadonlySet<string> = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'nonce',
    'auth_time',
    'acr',
    'amr',
    'azp',
    'at_hash',
    'c_hash',
    's_hash',
    'sid',
  ],
  ...[
    'ver',
    'idp',
    'cid',
    'uid',
    'scp',
    'scope',
    'client_id',
    'cnf',
    'act',
    'may_act',
    'events',
    'toe',
    'txn',
    'email_verified',
  ],
  ...['phone_number_verified', '_claim_names', '_claim_sources', 'sub_jwk', 'sub_id'],
]);

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
  if (PROTOCOL_CLAIMS.has(name)) return [`name: "${name}" belongs to the protocol and cannot be made by an expression`];
  if (!NAME.test(name) || isUnsafeName(name)) return ['name: expected letters, digits and _ . : / -'];
  return seen.has(name) ? [`name: "${name}" is there twice`] : [];
}

function expressionProblems(expression: string): string[] {
  const compiled = compile(expression, 'claims');
  if (compiled.ok) return [];
  return compiled.error.map(
    ({ message, at, hint }) =>
      `expression: ${message} (line ${at.line}, column ${at.column})${hint === undefined ? '' : ` ${hint}`}`,
  );
}
