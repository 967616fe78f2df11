/** A quiet note beside a field: what a preset knows about it. */
import { IconInfoCircle } from '@tabler/icons-react';
import classes from './field-note.module.css';

export function FieldNote({ text, warning = false }: { text: string | undefined; warning?: boolean }) {
  if (text === undefined) return null;
  return (
    <p className={warning ? `${classes.note} ${classes.warning}` : classes.note}>
      <IconInfoCircle size={16} aria-hidden className={classes.icon} />
      <span>{text}</span>
    </p>
  );
}
