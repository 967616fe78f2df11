/** A value that is carried elsewhere: shown whole, copied with one click, hidden until asked for where it is a secret. */
import { ActionIcon, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { texts } from '../texts/index.ts';
import classes from './copy-field.module.css';

interface CopyFieldProps {
  label: string;
  value: string;
  secret?: boolean;
}

export function CopyField({ label, value, secret = false }: CopyFieldProps) {
  const [shown, setShown] = useState(!secret);
  return (
    <div className={classes.field}>
      <div className={classes.label}>{label}</div>
      <div className={classes.box}>
        <code className={classes.value}>{shown ? value : '•'.repeat(24)}</code>
        <Group gap={4} wrap="nowrap">
          {secret && (
            <Tooltip label={shown ? texts.actions.hide : texts.actions.reveal}>
              <ActionIcon
                variant="subtle"
                aria-label={`${shown ? texts.actions.hide : texts.actions.reveal}: ${label}`}
                onClick={() => setShown(!shown)}
              >
                {shown ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
              </ActionIcon>
            </Tooltip>
          )}
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Tooltip label={copied ? texts.actions.copied : texts.actions.copy}>
                <ActionIcon
                  variant="subtle"
                  onClick={copy}
                  aria-label={`${copied ? texts.actions.copied : texts.actions.copy}: ${label}`}
                >
                  {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                </ActionIcon>
              </Tooltip>
            )}
          </CopyButton>
        </Group>
      </div>
    </div>
  );
}

/** Facts that the other side's console asks for. */
export function Handover({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.handover} aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.facts}>{children}</div>
    </section>
  );
}
