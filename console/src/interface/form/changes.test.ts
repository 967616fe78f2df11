import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

const words = {
  labels: { name: 'Name', scopes: 'Scopes', on: 'Switch', kind: 'Kind', secret: 'Secret' },
  choices: { kind: { A: 'First kind', B: 'Second kind' } },
  secrets: ['secret' as const],
};
const before = { name: 'x', scopes: ['openid'], on: false, kind: 'A', secret: '', unlisted: 1 };

test('equal values are no change', () => {
  expect(changesOf(before, { ...before, scopes: ['openid'] }, words)).toEqual([]);
});

test('a change is told in the words of the screen', () => {
  const after = { name: '', scopes: ['openid', 'teacher'], on: true, kind: 'B', secret: 's3cret', unlisted: 2 };
  expect(changesOf(before, after, words).map(({ label, before: from, after: to }) => [label, from, to])).toEqual([
    ['Name', 'x', 'empty'],
    ['Scopes', 'openid', 'openid, teacher'],
    ['Switch', 'no', 'yes'],
    ['Kind', 'First kind', 'Second kind'],
    ['Secret', 'empty', 'a new value'],
  ]);
});
