/** The rows of a file with what would happen, or has happened, to each. */
import { Anchor, Button, Group, List, Text } from '@mantine/core';
import { IconDownload, IconTable } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDownload } from '../api/download.ts';
import type { Import, ImportOutcome, ImportRow } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { FilterSelect } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { errorsPath, useImportRows } from './api.ts';
import { useTitles } from './attributes.ts';
import { hasHappened, nameOf, OUTCOMES, outcomeName } from './names.ts';
import classes from './rows.module.css';
import { texts } from './texts.ts';

const { rows: words } = texts;
type TitleOf = (attribute: string) => string;
/** Changes of one row that are shown at once. */
const SHOWN = 4;

export function Rows({ item }: { item: Import }) {
  const [outcome, setOutcome] = useUrlState('outcome');
  const known = OUTCOMES.find((name) => name === outcome) ?? '';
  const pages = useImportRows(item.id, known, `${item.status} ${item.checked} ${item.ended}`);
  const happened = hasHappened(item);
  const titleOf = useTitles();
  const errors = useDownload(errorsPath(item.id), `errors-${nameOf(item)}`);
  return (
    <DataTable
      name="import-rows"
      label={happened ? words.didTitle : words.wouldTitle}
      pages={pages}
      columns={columnsOf(happened, titleOf)}
      rowKey={({ number }) => String(number)}
      rowName={({ login }) => login}
      filtered={known !== ''}
      filters={
        <Group gap="sm">
          <FilterSelect
            label={words.filter}
            value={known}
            onChange={setOutcome}
            options={[
              { value: '', label: words.all(item.rows) },
              ...OUTCOMES.map((value) => ({
                value,
                label: `${outcomeName(value, happened)} (${texts.count(item.totals[value])})`,
              })),
            ]}
          />
          {item.totals.error > 0 && (
            <Button
              variant="default"
              loading={errors.isPending}
              onClick={() => errors.mutate(undefined)}
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {texts.downloadErrors}
            </Button>
          )}
        </Group>
      }
      empty={<EmptyState icon={IconTable} title={words.empty.title} sentence={words.empty.sentence} />}
    />
  );
}

const MARKS: Record<ImportOutcome, string> = {
  create: 'SUCCESS',
  update: 'SUCCESS',
  unchanged: 'PAUSED',
  skipped: 'PAUSED',
  error: 'FAILURE',
};

function columnsOf(happened: boolean, titleOf: TitleOf): Column<ImportRow>[] {
  return [
    {
      key: 'line',
      header: words.columns.line,
      numeric: true,
      fixed: true,
      below: { named: true },
      cell: ({ line }) => line,
    },
    {
      key: 'login',
      header: words.columns.login,
      fixed: true,
      cell: ({ login, userId }) =>
        userId === null ? (
          login
        ) : (
          <Anchor component={Link} to={`/directory/people/${userId}`}>
            {login}
          </Anchor>
        ),
    },
    {
      key: 'outcome',
      header: words.columns.outcome,
      fixed: true,
      below: true,
      cell: ({ outcome }) =>
        outcome === null ? null : <StatusMark status={MARKS[outcome]} label={outcomeName(outcome, happened)} />,
    },
    {
      key: 'detail',
      header: words.columns.detail,
      fixed: true,
      below: { block: true },
      cell: (row) => <Detail row={row} titleOf={titleOf} />,
    },
  ];
}

function Detail({ row: { problems, changes }, titleOf }: { row: ImportRow; titleOf: TitleOf }) {
  const [open, setOpen] = useState(false);
  if (problems.length > 0)
    return (
      <List size="sm" listStyleType="none" className={classes.detail}>
        {problems.map((problem) => (
          <List.Item key={problem.message}>{sentenceOf(problem, titleOf)}</List.Item>
        ))}
      </List>
    );
  const more = changes.length - SHOWN;
  return (
    <Text size="sm" component="div" className={classes.detail}>
      {changes.slice(0, open ? changes.length : SHOWN).map(({ attribute, from, to }) => (
        <div key={attribute}>
          <Text span c="dimmed" size="sm">
            {titleOf(attribute)}:{' '}
          </Text>
          {from !== null && <del>{shown(from)}</del>} {to === null ? words.noValue : shown(to)}
        </div>
      ))}
      {more > 0 && (
        <Anchor component="button" type="button" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? words.fewer : words.more(more)}
        </Anchor>
      )}
    </Text>
  );
}

/** What is wrong, with the attribute's title where the message begins with its variable name. */
function sentenceOf({ attribute, message }: ImportRow['problems'][number], titleOf: TitleOf): string {
  const begin = `${attribute}: `;
  return attribute !== null && message.startsWith(begin)
    ? `${titleOf(attribute)}: ${message.slice(begin.length)}`
    : message;
}

const shown = (value: unknown) => (Array.isArray(value) ? value.join(', ') : String(value));
