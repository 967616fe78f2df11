/** Which attributes a person sees of their own profile, and how each is to be written. Pure. */
import type { Attribute, CompiledSchema } from '../../directory/profile-schemas/index.ts';
import type { Json } from '../../shared/json.ts';
import type { ShownAttribute } from '../page/index.ts';

const MASK = '••••••••';

/**
 * What the schema hides from the person (permission HIDE for SELF) is left out, and so is what the schema does not know, for nothing is
 * known of its permission. Sensitive values are dots, as everywhere else.
 */
export function ownProfile(
  { attributes }: Pick<CompiledSchema, 'attributes'>,
  profile: Readonly<Record<string, Json>>,
): ShownAttribute[] {
  return [...attributes.values()].flatMap((attribute) => {
    const { name, title, sensitive } = attribute;
    const value = Object.hasOwn(profile, name) ? profile[name]! : null;
    if (value === null || value === '' || isHidden(attribute)) return [];
    return [{ name, title, value: sensitive ? MASK : value, form: formOf(attribute) }];
  });
}

const isHidden = ({ permissions }: Attribute) =>
  permissions.some(({ principal, action }) => principal === 'SELF' && action === 'HIDE');

function formOf({ format, sensitive }: Attribute): ShownAttribute['form'] {
  return !sensitive && (format === 'date' || format === 'date-time') ? format : 'text';
}
