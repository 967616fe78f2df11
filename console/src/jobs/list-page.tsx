/** Reports → Jobs. */
import { IconProgress } from '@tabler/icons-react';
import type { Job } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { FilterSelect } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { texts as shared } from '../texts/index.ts';
import { isOpen, useJobs } from './api.ts';
import { JobProgress, WatchedJob } from './job-progress.tsx';
import { texts } from './texts.ts';

const STATUSES: Job['status'][] = ['QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED'];

const columns: Column<Job>[] = [
  {
    key: 'title',
    header: texts.columns.progress,
    fixed: true,
    cell: (job) => (isOpen(job) ? <WatchedJob id={job.id} begin={job} /> : <JobProgress job={job} />),
  },
  { key: 'by', header: texts.columns.by, below: true, cell: (job) => job.startedBy.displayName },
  { key: 'begun', header: texts.columns.begun, below: true, cell: (job) => <Instant at={job.created} /> },
];

export function JobsPage() {
  const [status, setStatus] = useUrlState('status');
  const pages = useJobs(status);
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} />
      <DataTable
        name="jobs"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(job) => job.id}
        rowName={(job) => job.title}
        filters={
          <FilterSelect
            label={texts.filterStatus}
            value={status}
            onChange={setStatus}
            options={[
              { value: '', label: texts.anyStatus },
              ...STATUSES.map((value) => ({ value, label: shared.status[value] ?? value })),
            ]}
          />
        }
        filtered={status !== ''}
        empty={<EmptyState icon={IconProgress} title={texts.empty.title} sentence={texts.empty.sentence} />}
      />
    </>
  );
}
