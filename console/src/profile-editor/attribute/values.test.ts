import { describe, expect, it } from 'vitest';
import { EMPTY, HUB, toOverride, toValues, toWire } from './values.ts';

describe('the attribute form', () => {
  it('sends only what was filled in', () => {
    expect(toWire({ ...EMPTY, title: ' Badge ', name: 'badge' }, 'user')).toEqual({
      title: 'Badge',
      description: '',
      type: 'string',
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'PROFILE_MASTER' },
      scope: 'NONE',
    });
    expect(toWire({ ...EMPTY, title: 'Firm', externalName: 'firm ' }, 'provider')).toEqual({
      title: 'Firm',
      description: '',
      type: 'string',
      externalName: 'firm',
      scope: 'NONE',
    });
  });

  it('writes choices in the type of the values, with a title for each', () => {
    const choices = [
      { title: 'One', value: '1' },
      { title: '', value: '2' },
      { title: '', value: ' ' },
    ];
    const set = {
      enum: [1, 2],
      oneOf: [
        { const: 1, title: 'One' },
        { const: 2, title: '2' },
      ],
    };
    expect(toWire({ ...EMPTY, type: 'integer', enumerated: true, choices }, 'user')).toMatchObject(set);
    const list = toWire({ ...EMPTY, type: 'array:integer', enumerated: true, choices }, 'user');
    expect([list.type, list.items, list.enum]).toEqual(['array', { type: 'integer', ...set }, undefined]);
  });

  it('reads back what it wrote, and keeps what it has no field for', () => {
    const values = {
      ...EMPTY,
      ...{ type: 'string' as const, title: 'Level', name: 'level', description: 'How far', enumerated: true },
      ...{ choices: [{ title: 'A', value: 'a' }], minLength: 1, maxLength: 5, required: true, unique: true },
      ...{ permission: 'HIDE' as const, source: 'OVERRIDE' as const, sources: ['0oaOne', HUB] },
    };
    const wire = toWire(values, 'user');
    expect(wire.master).toEqual({ type: 'OVERRIDE', priority: [{ type: 'APP', value: '0oaOne' }, { type: 'OKTA' }] });
    expect(toValues('level', wire)).toEqual(values);
    const less = toWire({ ...values, minLength: '', enumerated: false }, 'user', { ...wire, pattern: 'a+' });
    expect([less.pattern, less.minLength, less.maxLength, less.enum]).toEqual(['a+', undefined, 5, undefined]);
    expect(toOverride(values)).toMatchObject({ required: true, master: { type: 'OVERRIDE' } });
  });
});
