/** A status as shape and word; the colour only repeats them. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconPlayerPause,
} from '@tabler/icons-react';
import { texts } from '../texts/index.ts';
import classes from './status.module.css';

const KINDS = {
  good: { icon: IconCircleCheck, color: 'var(--good)' },
  bad: { icon: IconCircleX, color: 'var(--bad)' },
  warn: { icon: IconAlertTriangle, color: 'var(--warn)' },
  waiting: { icon: IconCircleDashed, color: 'var(--quiet)' },
  off: { icon: IconPlayerPause, color: 'var(--quiet)' },
};

const KIND_OF: Record<string, keyof typeof KINDS> = {
  ACTIVE: 'good',
  SUCCESS: 'good',
  ALLOW: 'good',
  VERIFIED: 'good',
  DELIVERED: 'good',
  UNVERIFIED: 'warn',
  COMPLETED: 'good',
  RUNNING: 'waiting',
  QUEUED: 'waiting',
  PAUSED: 'off',
  CANCELLED: 'off',
  FAILED: 'bad',
  INACTIVE: 'off',
  DEPROVISIONED: 'off',
  SUSPENDED: 'warn',
  LOCKED_OUT: 'warn',
  PASSWORD_EXPIRED: 'warn',
  CHALLENGE: 'warn',
  FAILURE: 'bad',
  DENY: 'bad',
};

/** `label`: the word, where it is not the status's own. */
export function StatusMark({ status, label }: { status: string; label?: string }) {
  const { icon: Mark, color } = KINDS[KIND_OF[status] ?? 'waiting'];
  return (
    <span className={classes.status}>
      <Mark size={16} stroke={2} color={color} aria-hidden />
      {label ?? texts.status[status] ?? status}
    </span>
  );
}
