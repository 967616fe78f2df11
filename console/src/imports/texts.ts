/** English texts of the screens of imports. */
import type { ImportOutcome } from '../contract.ts';

const NUMBER = new Intl.NumberFormat('en');
const LIST = new Intl.ListFormat('en');
const people = (count: number) => `${NUMBER.format(count)} ${count === 1 ? 'person' : 'people'}`;
const rows = (count: number) => `${NUMBER.format(count)} ${count === 1 ? 'row' : 'rows'}`;
const unchanged = (count: number) => `${NUMBER.format(count)} unchanged`;
const leftAlone = (count: number) => `${NUMBER.format(count)} left alone`;

export const texts = {
  title: 'Import from CSV',
  sentence: 'People and their groups from a file. You see what would happen to every row before anything does.',
  people: 'People',
  upload: {
    title: 'Choose a file',
    sentence: 'A CSV file in UTF-8 with commas and a header, at most 256 MB and 500,000 rows.',
    drop: 'Drop a CSV file here, or',
    choose: 'Choose a file',
    busy: (name: string) => `Sending ${name} …`,
    refused: 'The file was not taken',
    template: 'Download a template',
    passwords:
      'Passwords are not imported: new people set a password or sign in with a provider later. Columns that look like passwords are not even stored.',
  },
  past: {
    title: 'Imports',
    empty: {
      title: 'No imports yet',
      sentence: 'What you import is listed here, with what became of every row for a week.',
    },
    columns: { file: 'File', status: 'Status', rows: 'Rows', outcome: 'Outcome', by: 'By', created: 'Uploaded' },
    delete: 'Delete',
    ask: (name: string) => `Delete the import of ${name}?`,
    askSentence: 'The rows of the file and what is known about them are deleted. People who were imported stay.',
  },
  deleted: 'Import deleted.',
  statuses: {
    NEW: 'Waits for a file',
    UPLOADED: 'Not checked yet',
    CHECKING: 'Being checked',
    CHECKED: 'Checked',
    RUNNING: 'Being imported',
    STOPPED: 'Stopped',
    COMPLETED: 'Imported',
  } as Record<string, string>,
  facts: { rows: 'Rows', by: 'By', uploaded: 'Uploaded', ended: 'Ended' },
  unnamed: 'CSV file',
  columns: {
    title: 'Columns',
    sentence: 'Which attribute each column of the file fills. People are found by their username.',
    header: 'Column of the file',
    samples: 'First values',
    target: 'Attribute',
    targetOf: (header: string) => `Attribute of the column ${header}`,
    none: 'Not imported',
    groups: 'Groups (names separated by ;)',
    groupsTitle: 'Groups',
    secret: 'Looks like a password: not stored',
    noHeader: (at: number) => `(column ${at})`,
    loginMissing: 'Choose the column that holds the username.',
  },
  options: {
    title: 'What to do',
    doneTitle: 'What was chosen',
    existing: 'People who are there already',
    update: 'Update their profiles and add their groups',
    skip: 'Leave them alone',
    activate: 'Activate new people',
    newPeople: 'New people',
    activated: 'Are activated',
    staged: 'Stay staged until somebody activates them',
    activateHelp: 'Otherwise they are staged until somebody activates them.',
    unknownGroups: 'Groups that do not exist',
    groupsError: 'Are an error of the row',
    groupsCreate: 'Are created',
    emptyCells: 'Empty cells',
    keep: 'Keep the value that is there',
    clear: 'Take the value away',
    notes:
      'Memberships are only added, never taken away. Several values of one attribute are separated by ; in the cell.',
  },
  preview: 'Preview',
  previewAgain: 'Preview again',
  anew: 'Import the file again with other choices',
  previewHelp: 'Nothing changes yet.',
  import: 'Import',
  importAgain: 'Import again',
  ask: (name: string) => `Import ${name}?`,
  askSentence(totals: Record<ImportOutcome, number>): string {
    const parts: string[] = [];
    if (totals.create > 0) parts.push(`${people(totals.create)} will be created`);
    if (totals.update > 0) parts.push(`${people(totals.update)} will be changed`);
    if (totals.unchanged > 0)
      parts.push(`${people(totals.unchanged)} ${totals.unchanged === 1 ? 'is' : 'are'} as the file says already`);
    if (totals.skipped > 0) parts.push(`${people(totals.skipped)} ${totals.skipped === 1 ? 'is' : 'are'} left alone`);
    if (totals.error > 0)
      parts.push(
        `${NUMBER.format(totals.error)} ${totals.error === 1 ? 'row has an error and is' : 'rows have errors and are'} left out`,
      );
    return `${LIST.format(parts)}. This cannot be undone in one step.`;
  },
  nothing: 'No row would change anything.',
  refused: 'Not done',
  rows: {
    wouldTitle: 'What would happen',
    didTitle: 'What happened',
    filter: 'Rows',
    all: (count: number) => `All rows (${NUMBER.format(count)})`,
    columns: { line: 'Line', login: 'Username', outcome: 'Outcome', detail: 'Changes and problems' },
    empty: { title: 'No rows', sentence: 'There are no rows to show.' },
    gone: 'The rows were deleted a week after the last change. Send the file again to import it.',
    more: (count: number) => `and ${count} more`,
    fewer: 'Show fewer',
    noValue: 'nothing',
    person: 'Person',
  },
  outcomes: {
    create: { would: 'Create', did: 'Created' },
    update: { would: 'Update', did: 'Updated' },
    unchanged: { would: 'Unchanged', did: 'Unchanged' },
    skipped: { would: 'Left alone', did: 'Left alone' },
    error: { would: 'Error', did: 'Not imported' },
  } satisfies Record<ImportOutcome, { would: string; did: string }>,
  summary: {
    create: {
      would: (count) => `${NUMBER.format(count)} to create`,
      did: (count) => `${NUMBER.format(count)} created`,
    },
    update: {
      would: (count) => `${NUMBER.format(count)} to update`,
      did: (count) => `${NUMBER.format(count)} updated`,
    },
    unchanged: { would: unchanged, did: unchanged },
    skipped: { would: leftAlone, did: leftAlone },
    error: {
      would: (count) => `${rows(count)} with ${count === 1 ? 'an error' : 'errors'}`,
      did: (count) => `${rows(count)} not imported`,
    },
  } satisfies Record<ImportOutcome, Record<'would' | 'did', (count: number) => string>>,
  downloadErrors: 'Download rows with errors',
  count: (count: number) => NUMBER.format(count),
};
