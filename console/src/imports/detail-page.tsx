/** One import: its columns and choices, what would happen, its progress, and what happened. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Import } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Fact, Facts } from '../interface/facts.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader, PageSkeleton, Panel } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { usePageId } from '../interface/url-state.ts';
import { WatchedJob } from '../jobs/job-progress.tsx';
import { isUnderWay, useImport, useRun, useUpload } from './api.ts';
import { nameOf, summaryOf } from './names.ts';
import { Plan } from './plan.tsx';
import { PlanOfBefore } from './plan-of-before.tsx';
import { Rows } from './rows.tsx';
import { texts } from './texts.ts';
import { Upload } from './upload.tsx';

const BACK = { to: '/directory/people/import', label: texts.title } as const;

export function ImportPage() {
  const { data: item, error } = useImport(usePageId());
  if (error !== null) return <PageError error={error} back={BACK} />;
  if (item === undefined) return <PageSkeleton />;
  return (
    <>
      <PageHeader title={nameOf(item)} sentence={texts.statuses[item.status] ?? item.status} back={BACK} />
      <Facts>
        <Fact label={texts.facts.rows} value={texts.count(item.rows)} />
        <Fact label={texts.facts.by} value={item.createdBy.displayName} />
        <Fact label={texts.facts.uploaded} value={<Instant at={item.created} />} />
        {item.ended !== null && <Fact label={texts.facts.ended} value={<Instant at={item.ended} />} />}
      </Facts>
      <Content item={item} />
    </>
  );
}

function Content({ item }: { item: Import }) {
  if (item.status === 'NEW' || item.rowsRemoved !== null) return <AnotherFile removed={item.rowsRemoved !== null} />;
  const checked = item.status === 'CHECKED' || item.status === 'STOPPED' || item.status === 'COMPLETED';
  return (
    <>
      {item.jobId !== null && isUnderWay(item) && (
        <Panel title={texts.statuses[item.status] ?? item.status}>
          <WatchedJob id={item.jobId} />
        </Panel>
      )}
      {checked && <Begin item={item} />}
      {checked && <Rows item={item} />}
      {!isUnderWay(item) &&
        (item.status === 'COMPLETED' ? <PlanOfBefore item={item} /> : <Plan key={item.fileName} item={item} />)}
    </>
  );
}

/** The totals, and the button that makes them true. */
function Begin({ item }: { item: Import }) {
  const run = useRun(item.id);
  const { create, update } = item.totals;
  const again = item.status !== 'CHECKED';
  const begin = () =>
    confirm({
      title: texts.ask(nameOf(item)),
      sentence: texts.askSentence(item.totals),
      action: texts.import,
      danger: false,
      onConfirm: () => run.mutate(undefined),
    });
  return (
    <Panel title={again ? texts.rows.didTitle : texts.rows.wouldTitle}>
      <Stack gap="sm">
        <Text fw={500}>{summaryOf(item)}</Text>
        {!again && create + update === 0 && <Text c="dimmed">{texts.nothing}</Text>}
        {run.error !== null && <ErrorNotice error={run.error} title={texts.refused} />}
        {item.status !== 'COMPLETED' && (
          <Group>
            <Button
              onClick={again ? () => run.mutate(undefined) : begin}
              loading={run.isPending}
              disabled={!again && create + update === 0}
            >
              {again ? texts.importAgain : texts.import}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}

function AnotherFile({ removed }: { removed: boolean }) {
  const navigate = useNavigate();
  const upload = useUpload();
  return (
    <>
      {removed && <Text mb="md">{texts.rows.gone}</Text>}
      <Upload
        sending={upload.isPending ? upload.variables.name : null}
        error={upload.error}
        onFile={(file) =>
          upload.mutate(file, {
            onSuccess: ({ id }) => void navigate({ to: '/directory/people/import/$id', params: { id } }),
          })
        }
      />
    </>
  );
}
