/** The frame of a form: restored drafts, the server's refusal, what will change, and the buttons. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asRequestError } from '../../api/errors.ts';
import { texts } from '../../texts/index.ts';
import { ErrorNotice } from '../error-notice.tsx';
import { ChangeSummary } from './change-summary.tsx';
import type { Change } from './changes.ts';
import classes from './form-frame.module.css';
import { type FormValues, focusRefused, type ScreenForm } from './screen-form.ts';

interface FormFrameProps<V extends FormValues> {
  screen: ScreenForm<V>;
  /** What would change: listed before saving, and nothing is saved while it is empty. Without it, everything in the form is new. */
  changes?: Change[];
  submit: string;
  pending: boolean;
  error: unknown;
  onSubmit: (values: V) => void;
  onCancel?: () => void;
  /** Further buttons, left of the main one. */
  buttons?: ReactNode;
  children: ReactNode;
}

export function FormFrame<V extends FormValues>(props: FormFrameProps<V>) {
  const { screen, changes = null, submit, pending, error, onSubmit, onCancel, buttons, children } = props;
  const { form } = screen;
  return (
    <form noValidate onSubmit={form.onSubmit(onSubmit, focusRefused)}>
      <Stack gap="md">
        {screen.restored && (
          <Alert icon={<IconHistory aria-hidden />} variant="outline" bg="var(--surface)">
            <Group justify="space-between" gap="sm">
              <Text size="sm">{texts.form.draftRestored}</Text>
              <Button variant="default" size="xs" onClick={screen.startOver}>
                {texts.form.draftDiscard}
              </Button>
            </Group>
          </Alert>
        )}
        {children}
        {changes?.length !== 0 && (
          <div className={classes.bar}>
            {error !== null && error !== undefined && (
              <div className={classes.refusal}>
                <ErrorNotice error={error} title={texts.errors.notDone} {...readAgain(error)} />
              </div>
            )}
            {changes !== null && <ChangeSummary changes={changes} />}
            <Group gap="xs" justify="flex-end" className={classes.buttons}>
              {onCancel !== undefined && (
                <Button
                  variant="default"
                  onClick={() => {
                    screen.startOver();
                    onCancel();
                  }}
                >
                  {texts.actions.cancel}
                </Button>
              )}
              {changes !== null && (
                <Button variant="default" onClick={screen.startOver}>
                  {texts.actions.discard}
                </Button>
              )}
              {buttons}
              <Button type="submit" loading={pending}>
                {submit}
              </Button>
            </Group>
          </div>
        )}
      </Stack>
    </form>
  );
}

const CHANGED_MEANWHILE = 412;

/** Somebody else was faster: the page is read again, and what was typed comes back as a draft over the present version. */
function readAgain(error: unknown) {
  if (asRequestError(error).status !== CHANGED_MEANWHILE) return {};
  return { onRetry: () => location.reload(), retry: texts.form.readAgain };
}
