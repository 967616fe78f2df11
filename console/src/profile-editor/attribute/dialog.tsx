/** Adding an attribute to a profile, or changing one, in a dialog. */
import { Modal, Stack } from '@mantine/core';
import type { SchemaProperty } from '../../contract.ts';
import { check, missing } from '../../interface/form/checks.ts';
import { FormFrame } from '../../interface/form/form-frame.tsx';
import { useScreenForm } from '../../interface/form/screen-form.ts';
import { labels } from '../../labels.ts';
import { texts as shared } from '../../texts/index.ts';
import { useChangeAttributes, whoseProfile } from '../api.ts';
import { texts } from '../texts.ts';
import { NameFields, RequiredField, RuleFields, ValueFields } from './fields.tsx';
import { type AttributeValues, EMPTY, toOverride, toValues, toWire, type Whose } from './values.ts';

export interface ExistingAttribute {
  name: string;
  property: SchemaProperty;
  custom: boolean;
}

interface AttributeDialogProps {
  profileId: string;
  etag: string | null;
  /** Variable names that exist. */
  taken: string[];
  /** The one to change; null for a new one. */
  existing: ExistingAttribute | null;
  opened: boolean;
  onClose: () => void;
}

export function AttributeDialog(props: AttributeDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={
        props.existing === null ? texts.dialog : texts.editing(props.existing.property.title || props.existing.name)
      }
      size="lg"
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      <AttributeForm key={props.existing?.name ?? ''} {...props} />
    </Modal>
  );
}

const VARIABLE = /^[A-Za-z][A-Za-z0-9_]*$/;
/** Base attributes of which "required" may be switched off. */
const MAY_BE_OPTIONAL = ['firstName', 'lastName'];

function AttributeForm({ profileId, etag, taken, existing, onClose }: AttributeDialogProps) {
  const save = useChangeAttributes(profileId);
  const whose = whoseProfile(profileId);
  const screen = useScreenForm<AttributeValues>({
    draft: `attribute.${profileId}.${existing?.name ?? ''}`,
    initial: existing === null ? EMPTY : toValues(existing.name, existing.property),
    validate: (values) => wrong(values, whose, existing === null ? taken : []),
  });
  const { form } = screen;
  const base = existing?.custom === false;
  return (
    <FormFrame
      screen={screen}
      submit={labels.saveAttribute}
      pending={save.isPending}
      error={save.error}
      onCancel={onClose}
      onSubmit={(values) => {
        const change = base
          ? { base: { [values.name]: toOverride(values) } }
          : { custom: { [values.name]: toWire(values, whose, existing?.property) } };
        save.mutate(
          { ...change, etag },
          {
            onSuccess: () => {
              screen.saved();
              onClose();
            },
            onError: screen.refused,
          },
        );
      }}
    >
      <Stack gap="md">
        {!base && <NameFields form={form} whose={whose} existing={existing !== null} />}
        {!base && <ValueFields form={form} whose={whose} existing={existing !== null} />}
        {base && MAY_BE_OPTIONAL.includes(existing.name) && <RequiredField form={form} />}
        {whose === 'user' && <RuleFields form={form} />}
      </Stack>
    </FormFrame>
  );
}

function wrong(values: AttributeValues, whose: Whose, taken: readonly string[]) {
  const numbers = values.type !== 'string' && values.type !== 'array';
  const filled = values.choices.map(({ value }) => value.trim()).filter((value) => value !== '');
  return check(
    ['title', missing(values.title, labels.attributeDisplayName)],
    ['name', missing(values.name, labels.variableName)],
    ['name', VARIABLE.test(values.name) ? null : texts.variableWrong],
    ['name', taken.includes(values.name) ? texts.variableTaken : null],
    ['externalName', whose === 'provider' ? missing(values.externalName, labels.externalName) : null],
    ['choices', values.enumerated && filled.length === 0 ? texts.choices.none : null],
    [
      'choices',
      values.enumerated && numbers && filled.some((value) => Number.isNaN(Number(value)))
        ? texts.choices.numbers
        : null,
    ],
  );
}
