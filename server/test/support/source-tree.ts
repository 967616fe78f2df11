/** The project's own source as data for the borders test: each file with its imports and its functions, read by the TypeScript parser. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  isArrowFunction,
  isCallExpression,
  isConstructorDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isImportDeclaration,
  isMethodDeclaration,
  isSetAccessorDeclaration,
  isStringLiteral,
  type Node,
  type SourceFile as Parsed,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROJECTS = ['tsconfig.json', 'console/tsconfig.json'];
const FOLDERS = ['server', 'console', 'sandbox', 'e2e', 'bench', 'scripts'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.gatehouse', '.vite']);

/** One import of a file of ours. `types`: `import type` or `export type`, gone when the program runs. */
export interface Import {
  to: string;
  types: boolean;
}

/** Paths are relative to the root, with `/`. */
export interface SourceFile {
  path: string;
  lines: number;
  imports: Import[];
  functions: { name: string; line: number; lines: number }[];
}

/** Every .ts, .tsx and .mjs file of ours, tests included. */
export function readSourceTree(): SourceFile[] {
  const api = new API({ cwd: ROOT });
  try {
    const snapshot = api.updateSnapshot({ openProjects: PROJECTS.map((file) => join(ROOT, file)) });
    const programs = snapshot.getProjects().map((project) => project.program);
    return FOLDERS.flatMap((folder) => filesBelow(join(ROOT, folder))).map((file) => {
      const parsed = programs.map((program) => program.getSourceFile(file)).find((found) => found !== undefined);
      return describeFile(file, parsed);
    });
  } finally {
    api.close();
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesBelow(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

function describeFile(file: string, parsed: Parsed | undefined): SourceFile {
  const path = relative(ROOT, file).replaceAll('\\', '/');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  if (parsed === undefined && !path.endsWith('.mjs'))
    throw new Error(`${path} belongs to none of ${PROJECTS.join(', ')}.`);
  if (parsed === undefined) return { path, lines, imports: [], functions: [] };
  const found: SourceFile = { path, lines, imports: [], functions: [] };
  const visit = (node: Node): void => {
    const target = importOf(node);
    if (target?.specifier.startsWith('.')) {
      found.imports.push({ to: posix.join(dirname(path), target.specifier), types: target.types });
    }
    if (isFunctionLike(node)) found.functions.push(describeFunction(node, parsed));
    node.forEachChild(visit);
  };
  visit(parsed);
  return found;
}

function importOf(node: Node): { specifier: string; types: boolean } | undefined {
  if (isImportDeclaration(node) && isStringLiteral(node.moduleSpecifier)) {
    const types = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { specifier: node.moduleSpecifier.text, types };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier !== undefined && isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, types: node.isTypeOnly };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    const [first] = node.arguments;
    return first !== undefined && isStringLiteral(first) ? { specifier: first.text, types: false } : undefined;
  }
  return undefined;
}

const FUNCTION_LIKE = [
  isFunctionDeclaration,
  isFunctionExpression,
  isArrowFunction,
  isMethodDeclaration,
  isConstructorDeclaration,
  isGetAccessorDeclaration,
  isSetAccessorDeclaration,
];

function isFunctionLike(node: Node): boolean {
  return FUNCTION_LIKE.some((is) => is(node));
}

function describeFunction(node: Node, parsed: Parsed): { name: string; line: number; lines: number } {
  const text = parsed.text;
  const lineOf = (position: number) => text.slice(0, position).split('\n').length;
  const line = lineOf(node.getStart(parsed));
  const { name } = node as { name?: Node };
  return { name: name?.getText(parsed) ?? '(anonymous)', line, lines: lineOf(node.end) - line + 1 };
}
