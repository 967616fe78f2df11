/** The fields of a group rule: its name, the condition with its check, the groups, and who is excepted. */
import { Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { GroupRule } from '../contract.ts';
import { useTargetOptions } from '../groups/api.ts';
import { changesOf } from '../interface/form/changes.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { usePeopleOptions } from '../people/api.ts';
import { PersonName } from '../people/person-name.tsx';
import { texts as shared } from '../texts/index.ts';
import { Chosen } from './chosen.tsx';
import { ExpressionCheck } from './expression-check.tsx';
import classes from './rule-form.module.css';
import { texts } from './texts.ts';
import { EMPTY, fromWire, type RuleValues, validate, WORDS } from './values.ts';

interface RuleFormProps {
  existing?: GroupRule;
  pending: boolean;
  error: unknown;
  onSubmit: (values: RuleValues, screen: ScreenForm<RuleValues>) => void;
  onCancel: () => void;
}

export function RuleForm({ existing, pending, error, onSubmit, onCancel }: RuleFormProps) {
  const screen = useScreenForm<RuleValues>({
    draft: `group-rule.${existing?.id ?? 'new'}`,
    initial: existing === undefined ? EMPTY : fromWire(existing),
    validate,
    wireNames: { 'conditions.expression.value': 'expression', 'actions.assignUserToGroups.groupIds': 'groupIds' },
  });
  const [picked, setPicked] = useState<Record<string, string>>({});
  const { form } = screen;
  const names: Record<string, string> = { ...existing?._embedded?.groupIdToGroupNameMap, ...picked };
  return (
    <fieldset disabled={existing?.status === 'ACTIVE'} className={classes.fields}>
      <FormFrame
        screen={screen}
        submit={shared.actions.save}
        pending={pending}
        error={error}
        onCancel={onCancel}
        onSubmit={(values) => onSubmit(values, screen)}
        {...(existing === undefined ? {} : { changes: changesOf(fromWire(existing), form.values, WORDS) })}
      >
        <Panel>
          <Stack gap="md" maw={640}>
            <TextInput label={labels.name} withAsterisk maxLength={50} {...form.getInputProps('name')} />
            <Textarea
              label={texts.condition}
              description={texts.conditionHelp}
              withAsterisk
              autosize
              minRows={2}
              maxRows={12}
              spellCheck={false}
              classNames={{ input: classes.code }}
              {...form.getInputProps('expression')}
            />
            <ExpressionCheck expression={form.values.expression} open={existing?.status !== 'ACTIVE'} />
            <Chosen
              label={texts.groups}
              find={texts.findGroup}
              nothing={texts.noGroup}
              ids={form.values.groupIds}
              useOptions={useTargetOptions}
              name={(id) => names[id] ?? texts.groupGone}
              error={form.errors.groupIds}
              onChange={(ids, label) => {
                if (label !== null) setPicked({ ...picked, [ids.at(-1)!]: label });
                form.setFieldValue('groupIds', ids);
              }}
            />
            <Chosen
              label={texts.except}
              find={texts.findPerson}
              nothing={texts.nobodyExcepted}
              ids={form.values.excludedUsers}
              useOptions={usePeopleOptions}
              name={(id) => <PersonName id={id} />}
              onChange={(ids) => form.setFieldValue('excludedUsers', ids)}
            />
          </Stack>
        </Panel>
      </FormFrame>
    </fieldset>
  );
}
