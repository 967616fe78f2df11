/** How imports and their outcomes are called. */
import type { Import, ImportOutcome } from '../contract.ts';
import { texts } from './texts.ts';

export const OUTCOMES: ImportOutcome[] = ['create', 'update', 'unchanged', 'skipped', 'error'];

export const nameOf = ({ fileName }: Pick<Import, 'fileName'>) => fileName ?? texts.unnamed;

/** Whether the totals tell what happened; otherwise what would happen. */
export const hasHappened = ({ status }: Pick<Import, 'status'>) =>
  status === 'RUNNING' || status === 'STOPPED' || status === 'COMPLETED';

export const outcomeName = (outcome: ImportOutcome, happened: boolean) =>
  texts.outcomes[outcome][happened ? 'did' : 'would'];

export function summaryOf(item: Import): string {
  const when = hasHappened(item) ? 'did' : 'would';
  return OUTCOMES.filter((outcome) => item.totals[outcome] > 0)
    .map((outcome) => texts.summary[outcome][when](item.totals[outcome]))
    .join(' · ');
}
