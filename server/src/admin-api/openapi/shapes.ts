/** The shape of recorded JSON as a JSON Schema: what several values of one kind have in common. It is open: clients ignore what they do not know. */

export interface Shape {
  type?: string | string[];
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  additionalProperties?: boolean;
}

/** Members whose names are the org's own (attributes, claims, ids): their content is free. */
const FREE = new Set([
  'profile',
  'properties',
  'custom',
  'debugData',
  'detail',
  'detailEntry',
  'attributes',
  'values',
  'params',
  'template',
]);

/** `values`: at least one, of the same kind. */
export function shapeOf(values: readonly unknown[]): Shape {
  const types = [...new Set(values.map(typeOf))].sort();
  const shape: Shape = {};
  if (types.length > 0) shape.type = types.length === 1 ? types[0]! : types;
  const objects = values.filter(isRecord);
  if (objects.length > 0) Object.assign(shape, membersOf(objects));
  const lists = values.filter(Array.isArray);
  const items = lists.flat();
  if (lists.length > 0) shape.items = items.length === 0 ? {} : shapeOf(items);
  return shape;
}

function membersOf(objects: Record<string, unknown>[]): Shape {
  const names = [...new Set(objects.flatMap(Object.keys))];
  const properties = Object.fromEntries(
    names.map((name) => {
      const present = objects.filter((object) => Object.hasOwn(object, name)).map((object) => object[name]);
      const free = FREE.has(name) && present.some(isRecord);
      return [name, free ? { type: typesOf(present), additionalProperties: true } : shapeOf(present)];
    }),
  );
  const required = names.filter((name) => objects.every((object) => Object.hasOwn(object, name)));
  return { properties, ...(required.length > 0 ? { required } : {}), additionalProperties: true };
}

function typesOf(values: unknown[]): string | string[] {
  const types = [...new Set(values.map(typeOf))].sort();
  return types.length === 1 ? types[0]! : types;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';
