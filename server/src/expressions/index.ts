/**
 * The expression language of user name formats, profile mappings, claims, routing and filters (contract §14).
 *
 * It is a parser, a checker and an interpreter over plain data, with bounds on steps, depth and output. It is not JavaScript: nothing
 * is compiled to code, no prototype, getter or global can be reached. It reads no clock, no store and no network.
 * It sits at level 1: it imports shared/ only; profile-mappings, routing-rules, sign-in and authorization-server import it.
 *
 *   const expression = compile("String.substringBefore(idpuser.email, '@')", 'idpUsername');
 *   if (expression.ok) expression.value.evaluate({ idpuser: { email: 'ada@example.com' } });  // { ok: true, value: { value: 'ada', usedNull: false } }
 */
export type { BinaryOperator, Node, Program } from './ast.ts';
export { check, type Reference, references } from './check.ts';
export { compile, type Expression, readsAttribute } from './compile.ts';
export type { ExpressionError, ExpressionErrorCode, Position } from './errors.ts';
export { type Bindings, type Evaluated, evaluate } from './evaluate.ts';
export { DEFAULT_LIMITS, type Limits, SOURCE_LIMIT, TEMPLATE_LIMIT } from './limits.ts';
export { type ParseOptions, parse } from './parse.ts';
export { compileToSave } from './saving/compile.ts';
export { SCOPES, type Scope } from './scopes.ts';
export type { Value } from './values.ts';
