/** English texts of long work. */
export const texts = {
  title: 'Jobs',
  sentence: 'Long work: what it has done, what is left, and what could not be done.',
  empty: {
    title: 'No long work yet',
    sentence: 'Applying a mapping to everybody or running a group rule shows up here.',
  },
  columns: { progress: 'Job', begun: 'Begun', by: 'By' },
  anyStatus: 'Every status',
  filterStatus: 'Status',
  counts: (done: string, total: string | null) => (total === null ? `${done} done` : `${done} of ${total} done`),
  failed: (count: string) => `${count} failed`,
  remaining: (count: string) => `${count} remaining`,
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  askStop: (title: string) => `Stop "${title}" for good?`,
  askStopSentence: 'What is done stays done. The rest is not done, and the job cannot be resumed.',
  /** Of kinds of jobs where the rest is more than not done. */
  askStopSentences: {
    'group-rule-removal':
      'Whoever has left the groups stays out. Everybody else stays a member as if added by hand, and the job cannot be resumed.',
  } as Readonly<Record<string, string>>,
  confirmStop: 'Stop the job',
  download: 'Download what failed',
  progressOf: (title: string) => `Progress of ${title}`,
};
