import { expect, test } from 'vitest';
import { differences, type MappingRow } from './rows.ts';

const login: MappingRow = { target: 'login', expression: 'appuser.email', pushStatus: 'PUSH' };
const first: MappingRow = { target: 'firstName', expression: 'appuser.firstName', pushStatus: 'PUSH' };

test('nothing is sent for rows that stayed as they were', () => {
  expect(differences([login, first], [login, first])).toEqual({});
});

test('a changed, a new and a removed row are sent; the removed one as null', () => {
  const after = [
    { ...first, expression: ' appuser.fname ' },
    { target: 'idme_uuid', expression: 'appuser.uuid', pushStatus: 'DONT_PUSH' as const },
  ];
  expect(differences([login, first], after)).toEqual({
    firstName: { expression: 'appuser.fname', pushStatus: 'PUSH' },
    idme_uuid: { expression: 'appuser.uuid', pushStatus: 'DONT_PUSH' },
    login: null,
  });
});
