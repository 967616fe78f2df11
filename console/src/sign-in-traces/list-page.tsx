/** Reports → Sign-in traces. */
import { Anchor } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { SignIn } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { FilterSelect } from '../interface/table/filters.tsx';
import { Login } from '../interface/table/login.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { texts as shared } from '../texts/index.ts';
import { useSignIns } from './api.ts';
import { applicationOf, personOf } from './names.ts';
import { texts } from './texts.ts';

const OUTCOMES = ['SUCCESS', 'FAILURE', 'OPEN'];

const columns: Column<SignIn>[] = [
  {
    key: 'at',
    header: texts.columns.at,
    fixed: true,
    below: true,
    cell: (signIn) => <Instant at={signIn.startedAt} />,
  },
  {
    key: 'person',
    header: texts.columns.person,
    fixed: true,
    cell: (signIn) => (
      <Anchor component={Link} to={`/reports/sign-in-traces/${signIn.id}`} fw={500}>
        <Login value={personOf(signIn)} />
      </Anchor>
    ),
  },
  {
    key: 'application',
    header: texts.columns.application,
    below: true,
    cell: (signIn) => applicationOf(signIn),
  },
  { key: 'provider', header: texts.columns.provider, below: true, cell: (signIn) => signIn.identityProvider?.name },
  {
    key: 'outcome',
    header: texts.columns.outcome,
    fixed: true,
    cell: (signIn) => <StatusMark status={signIn.outcome} />,
  },
  { key: 'reason', header: texts.columns.reason, below: { block: true }, cell: (signIn) => signIn.reason },
];

export function SignInTracesPage() {
  const [outcome, setOutcome] = useUrlState('outcome');
  const pages = useSignIns(outcome);
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} />
      <DataTable
        name="sign-in-traces"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(signIn) => signIn.id}
        rowName={(signIn) => signIn.id}
        filtered={outcome !== ''}
        filters={
          <FilterSelect
            label={texts.outcome}
            value={outcome}
            onChange={setOutcome}
            options={[
              { value: '', label: texts.anyOutcome },
              ...OUTCOMES.map((value) => ({ value, label: shared.status[value] ?? value })),
            ]}
          />
        }
        empty={<EmptyState icon={IconRoute} title={texts.empty.title} sentence={texts.empty.sentence} />}
      />
    </>
  );
}
