/** One sign-in: who, where, and the time line of its steps. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { SignInTrace } from '../contract.ts';
import { Fact, Facts } from '../interface/facts.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader, PageSkeleton, Panel } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId } from '../interface/url-state.ts';
import { useSignInTrace } from './api.ts';
import { applicationOf, personOf } from './names.ts';
import { texts } from './texts.ts';
import { TimeLine } from './time-line.tsx';

const BACK = { to: '/reports/sign-in-traces', label: texts.title } as const;

export function SignInTracePage() {
  const id = usePageId();
  const trace = useSignInTrace(id);
  if (trace.isError) return <PageError error={trace.error} onRetry={() => void trace.refetch()} back={BACK} />;
  if (trace.data === undefined) return <PageSkeleton />;
  return <Loaded trace={trace.data.value} />;
}

function Loaded({ trace }: { trace: SignInTrace }) {
  const lasted = new Date(trace.lastAt).getTime() - new Date(trace.startedAt).getTime();
  return (
    <>
      <PageHeader
        title={personOf(trace)}
        mark={<StatusMark status={trace.outcome} />}
        sentence={trace.reason ?? undefined}
        back={BACK}
      />
      <Facts>
        <Fact label={texts.facts.started} value={<Instant at={trace.startedAt} exact />} />
        <Fact label={texts.facts.lasted} value={texts.after(lasted).slice(1)} />
        {trace.user?.id && (
          <Fact
            label={texts.facts.person}
            value={
              <Anchor component={Link} to={`/directory/people/${trace.user.id}`}>
                {trace.user.login}
              </Anchor>
            }
          />
        )}
        <Fact
          label={texts.facts.application}
          value={
            trace.application ? (
              <Anchor component={Link} to={`/applications/${trace.application.id}`}>
                {applicationOf(trace)}
              </Anchor>
            ) : (
              applicationOf(trace)
            )
          }
        />
        {trace.identityProvider && (
          <Fact
            label={texts.facts.provider}
            value={
              <Anchor component={Link} to={`/security/identity-providers/${trace.identityProvider.id}`}>
                {trace.identityProvider.name}
              </Anchor>
            }
          />
        )}
        <Fact label={texts.facts.id} value={<code>{trace.id}</code>} />
      </Facts>
      <Panel title={texts.steps}>
        {trace.steps.length === 0 ? <Text c="dimmed">{texts.noSteps}</Text> : <TimeLine trace={trace} />}
      </Panel>
    </>
  );
}
