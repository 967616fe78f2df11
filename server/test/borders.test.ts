import { describe, expect, test } from 'vitest';
import {
  BUDGET,
  connectorsThatKnowTooMuch,
  crowdedFolders,
  cycles,
  forbiddenImports,
  foreignImports,
  linesAt,
  namelessFolders,
  reachingPastIndex,
  tooLongFiles,
  tooLongFunctions,
} from './support/borders.ts';
import { readSourceTree, type SourceFile } from './support/source-tree.ts';

describe('the house', () => {
  const files = readSourceTree();

  test('is read whole', () => {
    const read = (path: string) => files.find((file) => file.path === path);
    expect(read('server/src/main-commands.ts')?.imports.map(({ to }) => to)).toContain('server/src/config.ts');
    expect(read('server/src/database/pool.ts')?.functions.map(({ name }) => name)).toContain('inTransaction');
  });

  test('imports go down the levels', () => expect(forbiddenImports(files)).toEqual([]));
  test('across modules only index.ts is visible', () => expect(reachingPastIndex(files)).toEqual([]));
  test('connectors know only their contract', () => expect(connectorsThatKnowTooMuch(files)).toEqual([]));
  test('console, sandbox and browser tests stay outside the server', () => expect(foreignImports(files)).toEqual([]));
  test('no cycle among imports', () => expect(cycles(files)).toEqual([]));
  test(`no file above ${BUDGET.file} lines`, () => expect(tooLongFiles(files)).toEqual([]));
  test(`no function above ${BUDGET.function} lines`, () => expect(tooLongFunctions(files)).toEqual([]));
  test(`half of the files have at most ${BUDGET.median} lines`, () =>
    expect(linesAt(files, 0.5)).toBeLessThanOrEqual(BUDGET.median));
  test(`nine tenths of the files have at most ${BUDGET.p90} lines`, () =>
    expect(linesAt(files, 0.9)).toBeLessThanOrEqual(BUDGET.p90));
  test(`no folder above ${BUDGET.folder} source files`, () => expect(crowdedFolders(files)).toEqual([]));
  test('no utils, helpers or common', () => expect(namelessFolders(files)).toEqual([]));
});

describe('the rules themselves', () => {
  const file = (path: string, ...imports: string[]): SourceFile => ({
    path,
    lines: 1,
    functions: [],
    imports: imports.map((text) => ({ to: text.replace(/^type /, ''), types: text.startsWith('type ') })),
  });
  const s = (path: string) => `server/src/${path}`;

  test.each([
    ['shared/ids.ts', s('http/index.ts')],
    ['protocol/jose/index.ts', s('expressions/index.ts')],
    ['database/pool.ts', s('config.ts')],
    ['orgs/service.ts', s('applications/index.ts')],
    ['orgs/service.ts', `type ${s('applications/index.ts')}`],
    ['applications/service.ts', s('routing-rules/index.ts')],
    ['applications/service.ts', s('sign-in/index.ts')],
    ['directory/users/service.ts', s('directory/groups/index.ts')],
    ['sign-in/index.ts', s('directory/users/index.ts')],
    ['sign-in/index.ts', s('authorization-server/index.ts')],
    ['applications/service.ts', `type ${s('admin-api/index.ts')}`],
    ['applications/service.ts', `type ${s('config.ts')}`],
    ['applications/service.ts', 'sandbox/src/main.ts'],
    ['novelties/index.ts', s('shared/ids.ts')],
  ])('%s may not import %s', (path, target) => {
    expect(forbiddenImports([file(s(path), target)])).toHaveLength(1);
  });

  test.each([
    ['protocol/jose/index.ts', s('shared/ids.ts')],
    ['database/pool.ts', `type ${s('config.ts')}`],
    ['orgs/service.ts', s('database/index.ts')],
    ['applications/service.ts', s('orgs/index.ts')],
    ['applications/service.ts', `type ${s('sign-in/index.ts')}`],
    ['directory/users/service.ts', `type ${s('directory/groups/index.ts')}`],
    ['sign-in/index.ts', `type ${s('directory/users/index.ts')}`],
    ['sign-in/callback/index.ts', s('sign-in/trace/trace.ts')],
    ['admin-api/index.ts', s('sign-in/index.ts')],
    ['app.ts', s('admin-api/index.ts')],
  ])('%s may import %s', (path, target) => {
    expect(forbiddenImports([file(s(path), target)])).toEqual([]);
  });

  test('a test may import what it likes', () => {
    const loose = file(s('shared/ids.test.ts'), s('sign-in/trace/trace.ts'));
    expect([...forbiddenImports([loose]), ...reachingPastIndex([loose])]).toEqual([]);
  });

  test('only index.ts is a door, except in shared, the root and the folders of protocol', () => {
    const from = s('sign-in/index.ts');
    const open = [s('http/index.ts'), s('shared/ids.ts'), s('protocol/jose/index.ts'), s('directory/users/index.ts')];
    const closed = [
      s('http/guards.ts'),
      s('protocol/jose/jwks.ts'),
      s('directory/users/store.ts'),
      s('http/egress/index.ts'),
    ];
    expect(reachingPastIndex([file(from, ...open)])).toEqual([]);
    expect(reachingPastIndex([file(from, ...closed)])).toHaveLength(closed.length);
  });

  test('a connector that imports another module is found', () => {
    const from = s('identity-providers/oidc/finish.ts');
    const good = [
      s('identity-providers/oidc/keys.ts'),
      s('identity-providers/connector.ts'),
      s('protocol/jose/index.ts'),
    ];
    expect(
      connectorsThatKnowTooMuch([file(from, ...good, s('orgs/index.ts'), s('identity-providers/store.ts'))]),
    ).toHaveLength(2);
  });

  test('the console may import types of the contract and nothing else', () => {
    const contract = s('admin-api/contract.ts');
    expect(foreignImports([file('console/src/main.tsx', `type ${contract}`)])).toEqual([]);
    expect(foreignImports([file('console/src/main.tsx', contract, `type ${s('config.ts')}`)])).toHaveLength(2);
    expect(
      foreignImports([file('sandbox/src/main.ts', `type ${contract}`), file('e2e/run.ts', contract)]),
    ).toHaveLength(2);
  });

  test('a cycle is found, a cycle of types is none', () => {
    expect(cycles([file('a.ts', 'b.ts'), file('b.ts', 'c.ts'), file('c.ts', 'a.ts')])).toEqual([
      'a.ts -> b.ts -> c.ts -> a.ts',
    ]);
    expect(cycles([file('a.ts', 'b.ts'), file('b.ts', 'type a.ts')])).toEqual([]);
  });

  test('budgets count source, not tests', () => {
    const long = { ...file(s('http/a.ts')), lines: 501, functions: [{ name: 'f', line: 1, lines: 101 }] };
    const test = { ...long, path: s('http/a.test.ts') };
    expect([...tooLongFiles([long, test]), ...tooLongFunctions([long, test])]).toHaveLength(2);
    expect(crowdedFolders(Array.from({ length: 13 }, (_, index) => file(s(`http/${index}.ts`))))).toHaveLength(1);
    expect(
      namelessFolders([file(s('utils/a.ts')), file(s('http/helpers.ts')), file(s('http/common-ground.ts'))]),
    ).toHaveLength(2);
  });
});
