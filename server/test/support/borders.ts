/** The rules of the house over the source as data: who may import whom, and how large things may grow. Each gives its violations as text. */
import { posix } from 'node:path';
import type { Import, SourceFile } from './source-tree.ts';

/** The folders of server/src by level; those of directory/ are modules of their own. */
const LEVELS: readonly (readonly string[])[] = [
  ['shared'],
  ['protocol', 'expressions', 'http', 'database'],
  ['system-log', 'orgs'],
  [
    'directory/users',
    'directory/groups',
    'directory/group-rules',
    'directory/profile-schemas',
    'directory/external-identities',
    'profile-mappings',
    'identity-providers',
    'routing-rules',
    'applications',
    'event-hooks',
    'api-tokens',
    'client-access',
    'trusted-origins',
    'jobs',
    'network-zones',
    'mail',
  ],
  ['provisioning', 'scim-server', 'sign-in', 'authorization-server', 'imports'],
  ['admin-api'],
  ['composition', '(root)'],
];
/** app.ts, main.ts, config.ts and what app.ts is composed of. */
const ROOT_LEVEL = LEVELS.length - 1;
const SERVER = 'server/src/';
const CONTRACT = 'server/src/admin-api/contract.ts';

export const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /^(server\/test|e2e)\//.test(path);

/** The module of a path below server/src; `(root)` for app.ts, main.ts and config.ts; undefined elsewhere. */
export function moduleOf(path: string): string | undefined {
  if (!path.startsWith(SERVER)) return undefined;
  const [first = '', second = '', ...rest] = path.slice(SERVER.length).split('/');
  if (second === '') return '(root)';
  return first === 'directory' && rest.length > 0 ? `directory/${second}` : first;
}

const levelOf = (module: string) => LEVELS.findIndex((modules) => modules.includes(module));

/** Every import across two modules of the server that its levels forbid. */
export function forbiddenImports(files: SourceFile[]): string[] {
  return eachImport(files.filter(isServerSource), (file, target) => {
    const [from, to] = [moduleOf(file.path), moduleOf(target.to)];
    if (from === undefined || from === to) return undefined;
    if (to === undefined) return 'a server file imports its own workspace only';
    if (levelOf(from) < 0) return `${from} has no level: add it to the table`;
    if (levelOf(to) < 0) return `${to} has no level: add it to the table`;
    return mayImport(from, to, target.types)
      ? undefined
      : `${from} may not import ${target.types ? 'types' : 'values'} of ${to}`;
  });
}

function mayImport(from: string, to: string, types: boolean): boolean {
  const [a, b] = [levelOf(from), levelOf(to)];
  if (a === ROOT_LEVEL) return true;
  if (types && to === '(root)') return from === 'http' || from === 'database';
  if (types && a >= 3) return b <= Math.max(a, 4) && b < ROOT_LEVEL;
  if (a <= 1) return b === 0;
  if (a === 2 || a === 3) return b < a;
  return a === 4 ? b <= 2 : b < a;
}

/** Imports that reach past a module's index.ts. `shared` is a folder of single files; protocol's folders each have an index. */
export function reachingPastIndex(files: SourceFile[]): string[] {
  return eachImport(files.filter(isServerSource), (file, target) => {
    const [from, to] = [moduleOf(file.path), moduleOf(target.to)];
    if (to === undefined || from === to || to === 'shared' || to === '(root)') return undefined;
    const doors =
      to === 'protocol' ? /^server\/src\/protocol\/[^/]+\/index\.ts$/ : new RegExp(`^${SERVER}${to}/index\\.ts$`);
    return doors.test(target.to) ? undefined : 'only index.ts is visible to other modules';
  });
}

/** Connectors know the contract, protocol/, shared/ and the egress client (of http), nothing else. */
export function connectorsThatKnowTooMuch(files: SourceFile[]): string[] {
  const connector = (path: string) => /^server\/src\/identity-providers\/(oidc|saml)\//.exec(path)?.[0];
  return eachImport(files.filter(isServerSource), (file, target) => {
    const own = connector(file.path);
    if (own === undefined || target.to.startsWith(own)) return undefined;
    if (target.to === `${SERVER}identity-providers/connector.ts`) return undefined;
    const to = moduleOf(target.to) ?? '';
    return ['protocol', 'shared', 'http'].includes(to)
      ? undefined
      : 'a connector knows the contract, protocol, shared and egress only';
  });
}

/** The console takes types of the contract; sandbox and e2e take nothing of the server. */
export function foreignImports(files: SourceFile[]): string[] {
  return eachImport(files, (file, target) => {
    const workspace = file.path.split('/')[0] as string;
    if (!target.to.startsWith('server/') || !['console', 'sandbox', 'e2e'].includes(workspace)) return undefined;
    if (workspace === 'console' && target.types && target.to === CONTRACT) return undefined;
    return workspace === 'console'
      ? `the console may import types of ${CONTRACT} only`
      : `${workspace} imports nothing of the server`;
  });
}

/** The cycles among imports that exist when the program runs, each once. */
export function cycles(files: SourceFile[]): string[] {
  const graph = new Map(
    files.map((file) => [file.path, file.imports.filter(({ types }) => !types).map(({ to }) => to)]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: string[]): void => {
    const at = above.indexOf(path);
    if (at >= 0) found.push([...above.slice(at), path].join(' -> '));
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

export const BUDGET = { median: 110, p90: 300, file: 500, function: 100, folder: 12 };

export function tooLongFiles(files: SourceFile[]): string[] {
  return budgeted(files)
    .filter(({ lines }) => lines > BUDGET.file)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

export function tooLongFunctions(files: SourceFile[]): string[] {
  return budgeted(files).flatMap(({ path, functions }) =>
    functions
      .filter(({ lines }) => lines > BUDGET.function)
      .map(({ name, line, lines }) => `${path}:${line} ${name}: ${lines} lines`),
  );
}

/** The number of lines below which a share of the files lies. */
export function linesAt(files: SourceFile[], share: number): number {
  const sorted = budgeted(files)
    .map(({ lines }) => lines)
    .sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function crowdedFolders(files: SourceFile[]): string[] {
  const folders = Map.groupBy(budgeted(files), ({ path }) => posix.dirname(path));
  return [...folders]
    .filter(([, content]) => content.length > BUDGET.folder)
    .map(([path, content]) => `${path}: ${content.length} files`);
}

export function namelessFolders(files: SourceFile[]): string[] {
  return files.map(({ path }) => path).filter((path) => /(^|\/)(utils?|helpers?|common)(\/|\.\w+$)/.test(path));
}

const budgeted = (files: SourceFile[]) => files.filter(({ path }) => !isTest(path));
const isServerSource = (file: SourceFile) => file.path.startsWith(SERVER) && !isTest(file.path);

function eachImport(files: SourceFile[], judge: (file: SourceFile, target: Import) => string | undefined): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((target) => {
      const complaint = judge(file, target);
      return complaint === undefined ? [] : [`${file.path} -> ${target.to}: ${complaint}`];
    }),
  );
}
