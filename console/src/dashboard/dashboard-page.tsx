/** Dashboard: counts, the last sign-ins, and what is missing for the first one. */
import { Anchor, SimpleGrid, Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SignIn } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader, Panel } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { Login } from '../interface/table/login.tsx';
import { applicationOf, personOf } from '../sign-in-traces/names.ts';
import { useCount, useLastSignIns } from './api.ts';
import classes from './dashboard-page.module.css';
import { SetupSteps } from './setup-steps.tsx';
import { texts } from './texts.ts';

const COUNTS = [
  { name: 'people', path: '/api/v1/users', to: '/directory/people' },
  { name: 'groups', path: '/api/v1/groups', to: '/directory/groups' },
  { name: 'applications', path: '/api/v1/apps', to: '/applications' },
  { name: 'providers', path: '/api/v1/idps', to: '/security/identity-providers' },
] as const;

export function DashboardPage() {
  const failed = useLastSignIns('FAILURE');
  const succeeded = useLastSignIns('SUCCESS');
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} />
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md" mb="md">
        {COUNTS.map((count) => (
          <Tile key={count.name} {...count} />
        ))}
      </SimpleGrid>
      <SetupSteps />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <SignIns title={texts.failed} none={texts.noneFailed} list={failed} outcome="FAILURE" />
        <SignIns title={texts.succeeded} none={texts.noneSucceeded} list={succeeded} outcome="SUCCESS" />
      </SimpleGrid>
    </>
  );
}

function Tile({ name, path, to }: (typeof COUNTS)[number]) {
  const { data, isError } = useCount(name, path);
  return (
    <Link to={to} className={classes.tile}>
      <span className={classes.label}>{texts.counts[name]}</span>
      <span className={classes.number}>
        {data === undefined ? (
          isError ? (
            '–'
          ) : (
            <Skeleton height={28} width={40} />
          )
        ) : (
          `${data.count}${data.more ? '+' : ''}`
        )}
      </span>
    </Link>
  );
}

interface SignInsProps {
  title: string;
  none: string;
  list: UseQueryResult<SignIn[]>;
  outcome: string;
}

function SignIns({ title, none, list, outcome }: SignInsProps) {
  return (
    <Panel
      title={title}
      actions={
        <Anchor
          component={Link}
          to={`/reports/sign-in-traces?outcome=${outcome}`}
          aria-label={`${texts.all}: ${title}`}
        >
          {texts.all}
        </Anchor>
      }
    >
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={120} />}
      {list.data?.length === 0 && <Text c="dimmed">{none}</Text>}
      <ul className={classes.signIns}>
        {list.data?.map((signIn) => (
          <li key={signIn.id}>
            <Link to="/reports/sign-in-traces/$id" params={{ id: signIn.id }} className={classes.signIn}>
              <span className={classes.who}>
                <Login value={personOf(signIn)} />
              </span>
              <StatusMark status={signIn.outcome} />
              <span className={classes.where}>
                {[applicationOf(signIn), signIn.identityProvider?.name, signIn.reason].filter(Boolean).join(' · ')}
              </span>
              <span className={classes.when}>
                <Instant at={signIn.startedAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
