/** A point in time: near ones as a distance, others as a date; the exact one on hover. */
import { texts } from '../texts/index.ts';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const EXACT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });
const SECONDS = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const STEPS: [Intl.RelativeTimeFormatUnit, number, number][] = [
  ['second', 1000, 60_000],
  ['minute', 60_000, 3_600_000],
  ['hour', 3_600_000, 86_400_000],
  ['day', 86_400_000, 7 * 86_400_000],
];

export function Instant({ at, exact = false }: { at: string | null | undefined; exact?: boolean }) {
  if (!at) return <span>{texts.never}</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={EXACT.format(date)} style={{ whiteSpace: 'nowrap' }}>
      {exact ? SECONDS.format(date) : distance(date)}
    </time>
  );
}

function distance(date: Date): string {
  const away = date.getTime() - Date.now();
  for (const [unit, size, below] of STEPS) {
    if (Math.abs(away) < size && unit === 'second') return texts.justNow;
    if (Math.abs(away) < below) return RELATIVE.format(Math.round(away / size), unit);
  }
  return DAY.format(date);
}
