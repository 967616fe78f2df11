/** The steps of a sign-in, one line each. The first failed one is open; the rest open on demand. */
import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconChevronDown, IconPencil, IconPoint } from '@tabler/icons-react';
import { useId } from 'react';
import type { SignInStep, SignInTrace, StepOutcome } from '../contract.ts';
import { texts } from './texts.ts';
import classes from './time-line.module.css';

export function TimeLine({ trace }: { trace: SignInTrace }) {
  const began = new Date(trace.startedAt).getTime();
  const firstFailed = trace.steps.findIndex((step) => step.outcome === 'FAILED');
  return (
    <ol className={classes.line}>
      {trace.steps.map((step, index) => (
        <Step
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended.
          key={index}
          step={step}
          after={new Date(step.at).getTime() - began}
          openAtFirst={index === firstFailed}
        />
      ))}
    </ol>
  );
}

const MARKS: Record<StepOutcome, typeof IconCheck> = {
  PASSED: IconCheck,
  CHANGED: IconPencil,
  FAILED: IconAlertTriangle,
  INFO: IconPoint,
};

function Step({ step, after, openAtFirst }: { step: SignInStep; after: number; openAtFirst: boolean }) {
  const [open, { toggle }] = useDisclosure(openAtFirst);
  const id = useId();
  const MarkOf = MARKS[step.outcome];
  const lines = step.detail ?? [];
  const summary = (
    <>
      <span className={classes.title}>{step.title}</span>
      <span className={classes.outcome} data-outcome={step.outcome}>
        {texts.outcomes[step.outcome]}
      </span>
      <span className={classes.after}>{texts.after(after)}</span>
    </>
  );
  return (
    <li className={classes.step} data-outcome={step.outcome}>
      <span className={classes.mark}>
        <MarkOf size={14} stroke={2.5} aria-hidden />
      </span>
      <div className={classes.body}>
        {lines.length === 0 ? (
          <div className={classes.head}>
            {summary}
            <span className={classes.chevron} />
          </div>
        ) : (
          <UnstyledButton className={classes.head} onClick={toggle} aria-expanded={open} aria-controls={id}>
            {summary}
            <IconChevronDown size={16} aria-hidden className={`${classes.chevron} ${open ? classes.turned : ''}`} />
          </UnstyledButton>
        )}
        {step.code && (
          <div className={classes.code}>
            {texts.code} <code>{step.code}</code>
          </div>
        )}
        <Collapse expanded={open && lines.length > 0} id={id}>
          <Detail step={step} />
        </Collapse>
      </div>
    </li>
  );
}

function Detail({ step }: { step: SignInStep }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow, by keyboard too.
    <section className={classes.scroll} tabIndex={0} aria-label={step.title}>
      <table className={classes.detail}>
        <thead>
          <tr>
            <th scope="col">{texts.what}</th>
            <th scope="col">{texts.received}</th>
            <th scope="col">{texts.made}</th>
          </tr>
        </thead>
        <tbody>
          {step.detail?.map((line) => (
            <tr key={line.label}>
              <th scope="row">{line.label}</th>
              <td data-label={texts.received}>
                <Value value={line.received} />
              </td>
              <td data-label={texts.made}>
                <Value value={line.made} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return <pre>{JSON.stringify(value, null, 2)}</pre>;
  return <code>{String(value)}</code>;
}
