/** English texts of the screens of groups. */
import { PRODUCT } from '../labels.ts';

export const texts = {
  title: 'Groups',
  sentence: 'Groups of people: applications are assigned to them, providers put people into them.',
  search: 'Search by the beginning of the name',
  empty: { title: 'No group', sentence: 'Add a group, then assign people and applications to it.' },
  columns: { name: 'Name', description: 'Description', type: 'Kind', members: 'Membership changed' },
  types: { OKTA_GROUP: `${PRODUCT} group`, APP_GROUP: 'From an application', BUILT_IN: 'Built in' } as Record<
    string,
    string
  >,
  added: 'Group added.',
  saved: 'Group saved.',
  deleted: 'Group deleted.',
  membershipChanged: 'Membership changed.',
  name: 'Name',
  description: 'Description',
  custom: 'Further attributes',
  edit: 'Edit',
  ask: (name: string) => `Delete ${name}?`,
  askSentence: 'Its members lose the applications that they have through it alone. This cannot be undone.',
  askRemove: (name: string) => `Remove ${name} from the group?`,
  askRemoveSentence: 'Applications that the person has through this group alone are taken away.',
  remove: 'Remove from group',
  tabs: { people: 'People', applications: 'Applications' },
  addMember: 'Find a person to add',
  everyone: 'Everybody belongs to this group. Its members cannot be changed.',
  noMembers: { title: 'Nobody yet', sentence: 'Choose Assign People to add the first member.' },
  noApplications: 'No application is assigned to this group.',
  memberColumns: { person: 'Person', login: 'Username', origin: 'Added by', status: 'Status' },
  sections: { groups: 'All', rules: 'Rules' },
  sources: { DIRECT: 'Manual', IDP: 'Identity provider', RULE: 'Rule' } as Record<string, string>,
  byRules: (names: string[]) => `${names.length === 1 ? 'Rule' : 'Rules'}: ${names.join(', ')}`,
  askRemoveRuled: (names: string[]) =>
    `${names.join(' and ')} put this person here: the person is excepted from it from now on. Applications that the person has through this group alone are taken away.`,
};
