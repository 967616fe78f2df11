/** The attributes that the columns of a file can fill, by the titles of the profile's schema. */
import { USER_PROFILE, useProfileSchema } from '../profile-editor/api.ts';
import { texts } from './texts.ts';

const GROUPS = 'groups';

/** What a column can be: nothing, groups, an attribute. Only attributes that share their title are told apart by their names. */
export function useTargets(): { value: string; label: string }[] {
  const attributes = useAttributes();
  const titles = attributes.map(([, title]) => title);
  const shared = (title: string) => titles.indexOf(title) !== titles.lastIndexOf(title);
  return [
    { value: '', label: texts.columns.none },
    { value: GROUPS, label: texts.columns.groups },
    ...attributes.map(([value, title]) => ({ value, label: shared(title) ? `${title} (${value})` : title })),
  ];
}

/** The title of an attribute by its name. */
export function useTitles(): (attribute: string) => string {
  const titles = new Map([[GROUPS, texts.columns.groupsTitle], ...useAttributes()]);
  return (attribute) => titles.get(attribute) ?? attribute;
}

function useAttributes(): [name: string, title: string][] {
  const schema = useProfileSchema(USER_PROFILE).data?.value.definitions;
  const attributes = Object.entries({ ...schema?.base.properties, ...schema?.custom.properties });
  return attributes.map(([name, { title }]) => [name, title || name]);
}
