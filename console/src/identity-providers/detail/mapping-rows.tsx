/** One line per mapped attribute: the expression at the left, the user's attribute at the right. */
import { ActionIcon, Autocomplete, Select, Text } from '@mantine/core';
import { IconArrowRight, IconTrash } from '@tabler/icons-react';
import type { ScreenForm } from '../../interface/form/screen-form.ts';
import { texts as shared } from '../../texts/index.ts';
import { texts } from '../texts.ts';
import classes from './mapping-rows.module.css';
import type { MappingRow } from './rows.ts';

interface MappingRowsProps {
  form: ScreenForm<{ rows: MappingRow[] }>['form'];
  /** Expressions to suggest. */
  sources: string[];
}

export function MappingRows({ form, sources }: MappingRowsProps) {
  const { rows } = form.values;
  if (rows.length === 0) return <Text c="dimmed">{texts.mappings.empty}</Text>;
  return (
    <ul className={classes.rows} aria-label={texts.detail.tabs.mappings}>
      <li className={classes.head} aria-hidden>
        <span>{texts.mappings.source}</span>
        <span />
        <span>{texts.mappings.target}</span>
        <span>{texts.mappings.push}</span>
      </li>
      {rows.map((row, index) => (
        <li key={row.target} className={classes.row}>
          <Autocomplete
            className={classes.source}
            aria-label={`${texts.mappings.source}: ${row.target}`}
            classNames={{ input: 'code' }}
            data={sources}
            limit={20}
            {...form.getInputProps(`rows.${index}.expression`)}
          />
          <IconArrowRight size={16} color="var(--quiet)" aria-hidden className={classes.arrow} />
          <code className={classes.target}>{row.target}</code>
          <Select
            className={classes.push}
            aria-label={`${texts.mappings.push}: ${row.target}`}
            allowDeselect={false}
            data={Object.entries(texts.mappings.pushChoices).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps(`rows.${index}.pushStatus`)}
          />
          <ActionIcon
            className={classes.remove}
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`${shared.actions.remove}: ${row.target}`}
            onClick={() => form.removeListItem('rows', index)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
