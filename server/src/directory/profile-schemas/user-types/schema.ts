/** User types as clients send and read them (contract §5). */
import Type, { type Static } from 'typebox';
import { apiErrors } from '../../../http/index.ts';

export interface UserType {
  id: string;
  name: string;
  displayName: string;
  description: string | null;
  isDefault: boolean;
  /** Null only where the type's schema is being made. */
  schemaId: string | null;
  created: Date;
  createdBy: string;
  lastUpdated: Date;
  lastUpdatedBy: string;
  version: number;
}

const text = () => Type.Optional(Type.Union([Type.Null(), Type.String()]));

/** Whatever else a client sends back of what it read (id, dates, links) is not looked at. */
export const UserTypeBody = Type.Object({ name: text(), displayName: text(), description: text() });
export type UserTypeBody = Static<typeof UserTypeBody>;

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;
const MAX_DISPLAY_NAME = 255;
const MAX_DESCRIPTION = 1_000;

/** Throws E0000001. */
export function readName(name: string | null | undefined): string {
  if (name == null || name === '') throw blank('name');
  if (!NAME.test(name))
    throw apiErrors.validation('name', 'name: expected up to 100 letters, digits and underscores, a letter first');
  return name;
}

/** Throws E0000001. */
export function readDisplayName(displayName: string | null | undefined): string {
  const trimmed = displayName?.trim() ?? '';
  if (trimmed === '') throw blank('displayName');
  if (trimmed.length > MAX_DISPLAY_NAME)
    throw apiErrors.validation('displayName', `displayName: at most ${MAX_DISPLAY_NAME} characters`);
  return trimmed;
}

/** Throws E0000001. */
export function readDescription(description: string | null | undefined): string | null {
  if (description == null) return null;
  if (description.length > MAX_DESCRIPTION)
    throw apiErrors.validation('description', `description: at most ${MAX_DESCRIPTION} characters`);
  return description;
}

const blank = (field: string) => apiErrors.validation(field, `${field}: The field cannot be left blank`);

export type UserTypeWire = ReturnType<typeof userTypeToWire>;

/** Our own: a type with what it holds. */
export interface UserTypeSummaryWire extends UserTypeWire {
  users: number;
  attributes: { base: number; custom: number };
}

/** The last segment of `_links.schema.href` is the schema's id: clients take it from there. */
export function userTypeToWire(type: UserType, baseUrl: string) {
  return {
    id: type.id,
    displayName: type.displayName,
    name: type.name,
    description: type.description,
    createdBy: type.createdBy,
    lastUpdatedBy: type.lastUpdatedBy,
    created: type.created.toISOString(),
    lastUpdated: type.lastUpdated.toISOString(),
    default: type.isDefault,
    _links: {
      schema: {
        rel: 'schema',
        href: `${baseUrl}/api/v1/meta/schemas/user/${type.schemaId ?? 'default'}`,
        method: 'GET',
      },
      self: { rel: 'self', href: `${baseUrl}/api/v1/meta/types/user/${type.id}`, method: 'GET' },
    },
  };
}
