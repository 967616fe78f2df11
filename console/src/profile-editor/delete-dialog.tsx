/** Asks before something of a profile is deleted, and stays open with the reasons where it cannot be. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { texts as shared } from '../texts/index.ts';
import { texts } from './texts.ts';

interface DeleteDialogProps {
  title: string;
  sentence: string;
  opened: boolean;
  pending: boolean;
  /** Why the hub refused; null before it was asked. */
  error: unknown;
  onDelete: () => void;
  onClose: () => void;
}

export function DeleteDialog({ title, sentence, opened, pending, error, onDelete, onClose }: DeleteDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': shared.actions.close }}>
      <Stack gap="md">
        <Text>{sentence}</Text>
        {error !== null && <ErrorNotice error={error} title={texts.inUse} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shared.actions.cancel}
          </Button>
          <Button color="bad" loading={pending} onClick={onDelete}>
            {shared.actions.delete}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
