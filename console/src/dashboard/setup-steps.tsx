/** What is still to be done before the first sign-in. Disappears when everything is there. */
import { Anchor, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Panel } from '../interface/page.tsx';
import { useSetup } from './api.ts';
import classes from './dashboard-page.module.css';
import { texts } from './texts.ts';

const STEPS = [
  { name: 'provider', to: '/security/identity-providers/new' },
  { name: 'rule', to: '/security/identity-providers/routing-rules/new' },
  { name: 'application', to: '/applications/new' },
] as const;

export function SetupSteps() {
  const { data } = useSetup();
  if (data === undefined || STEPS.every((step) => data[step.name])) return null;
  return (
    <Panel title={texts.setup.title} sentence={texts.setup.sentence}>
      <ol className={classes.steps}>
        {STEPS.map(({ name, to }) => {
          const done = data[name];
          const words = texts.setup.steps[name];
          return (
            <li key={name} className={classes.step}>
              <span className={classes.state}>
                {done ? (
                  <IconCircleCheck size={20} color="var(--good)" aria-label={texts.setup.done} />
                ) : (
                  <IconCircleDashed size={20} color="var(--quiet)" aria-label={texts.setup.open} />
                )}
              </span>
              <div>
                {done ? (
                  <Text fw={500}>{words.title}</Text>
                ) : (
                  <Anchor component={Link} to={to} fw={500}>
                    {words.title}
                  </Anchor>
                )}
                <Text size="sm" c="dimmed">
                  {words.sentence}
                </Text>
              </div>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
