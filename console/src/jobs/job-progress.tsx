/** The progress of long work: a bar, done / failed / remaining, pause and resume, and the list of what failed. */
import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { useDownload } from '../api/download.ts';
import type { Job } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { StatusMark } from '../interface/status.tsx';
import { problemsPath, useJob, useLatestJob, useSteering } from './api.ts';
import classes from './job-progress.module.css';
import { texts } from './texts.ts';

const NUMBER = new Intl.NumberFormat('en');

/** The newest job of a kind about something; nothing where there never was one. */
export function LatestJob({ kind, subjectId }: { kind: string; subjectId: string }) {
  const { data } = useLatestJob(kind, subjectId);
  return data == null ? null : <JobProgress job={data} />;
}

/** One job by its id, as it goes on. */
export function WatchedJob({ id, begin }: { id: string; begin?: Job }) {
  const { data } = useJob(id, begin);
  return data === undefined ? null : <JobProgress job={data} />;
}

export function JobProgress({ job, titled = true }: { job: Job; titled?: boolean }) {
  const share = job.total === null || job.total === 0 ? null : Math.min(100, (job.done / job.total) * 100);
  const finished = job.status === 'COMPLETED';
  const running = job.status === 'RUNNING' || job.status === 'QUEUED';
  return (
    <div className={classes.row}>
      <div className={classes.line}>
        {titled && <Text fw={500}>{job.title}</Text>}
        <StatusMark status={job.status} />
      </div>
      <Progress
        value={finished ? 100 : (share ?? (running ? 100 : 0))}
        animated={running && share === null}
        striped={running && share === null}
        aria-label={texts.progressOf(job.title)}
        color={job.status === 'FAILED' ? 'bad' : 'accent'}
      />
      <div className={classes.line}>
        <Text size="sm" c="dimmed" className={classes.counts}>
          {countsOf(job)}
        </Text>
        <Steering job={job} />
      </div>
      {job.reason !== null && (
        <Text size="sm" c="var(--bad)">
          {job.reason}
        </Text>
      )}
    </div>
  );
}

function countsOf({ done, total, failed, status }: Job): string {
  const parts = [texts.counts(NUMBER.format(done), total === null ? null : NUMBER.format(total))];
  if (failed > 0) parts.push(texts.failed(NUMBER.format(failed)));
  if (total !== null && status !== 'COMPLETED' && total > done)
    parts.push(texts.remaining(NUMBER.format(total - done)));
  return parts.join(' · ');
}

function Steering({ job }: { job: Job }) {
  const steer = useSteering(job.id);
  const problems = useDownload(problemsPath(job.id), `problems-${job.id}.csv`);
  const can = (operation: string) => operation in job._links;
  const stop = () =>
    confirm({
      title: texts.askStop(job.title),
      sentence: texts.askStopSentences[job.kind] ?? texts.askStopSentence,
      action: texts.confirmStop,
      onConfirm: () => steer.mutate('cancel'),
    });
  return (
    <Group gap="xs">
      {job.failed > 0 && (
        <Anchor component="button" type="button" size="sm" onClick={() => problems.mutate(undefined)}>
          {texts.download}
        </Anchor>
      )}
      {can('pause') && (
        <Button size="compact-sm" variant="default" loading={steer.isPending} onClick={() => steer.mutate('pause')}>
          {texts.pause}
        </Button>
      )}
      {can('resume') && (
        <Button size="compact-sm" variant="default" loading={steer.isPending} onClick={() => steer.mutate('resume')}>
          {texts.resume}
        </Button>
      )}
      {can('cancel') && (
        <Button size="compact-sm" variant="subtle" onClick={stop}>
          {texts.stop}
        </Button>
      )}
    </Group>
  );
}
