/** Asks once more before something that cannot be taken back. */
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { texts } from '../texts/index.ts';

interface Question {
  title: string;
  sentence: string;
  action: string;
  danger?: boolean;
  onConfirm: () => void;
}

export function confirm({ title, sentence, action, danger = true, onConfirm }: Question) {
  modals.openConfirmModal({
    title,
    children: <Text>{sentence}</Text>,
    labels: { confirm: action, cancel: texts.actions.cancel },
    confirmProps: { color: danger ? 'bad' : 'accent' },
    closeButtonProps: { 'aria-label': texts.actions.close },
    onConfirm,
  });
}
