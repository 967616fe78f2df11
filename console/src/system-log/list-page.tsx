/** Reports → System Log. */
import { Autocomplete, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFileText } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { rowsOf } from '../api/hooks.ts';
import type { LogEvent } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { FilterSelect, SearchField } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { texts as shared } from '../texts/index.ts';
import { useLogEvents } from './api.ts';
import { EventDrawer } from './event-drawer.tsx';
import classes from './list-page.module.css';
import { actorOf, targetOf } from './party.ts';
import { texts } from './texts.ts';

const HOUR = 3_600_000;
const RANGES: Record<string, number> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
  month: 720 * HOUR,
  quarter: 2160 * HOUR,
};
const OUTCOMES = ['SUCCESS', 'FAILURE', 'ALLOW', 'DENY', 'SKIPPED', 'CHALLENGE'];
const PAUSE_MS = 400;

export function SystemLogPage() {
  const [range, setRange] = useUrlState('since', 'day');
  const [q, setQ] = useUrlState('q');
  const [outcome, setOutcome] = useUrlState('outcome');
  const [eventType, setType] = useUrlState('type');
  const [expression, setExpression] = useUrlState('filter');
  const [shown, show] = useState<LogEvent | null>(null);
  const since = useMemo(() => new Date(Date.now() - (RANGES[range] ?? RANGES.day!)).toISOString(), [range]);
  const pages = useLogEvents({ since, q, outcome, eventType, expression });
  const known = [...new Set(rowsOf(pages).map((event) => event.eventType))].sort();
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} />
      <DataTable
        name="system-log"
        label={texts.title}
        pages={pages}
        columns={columnsFor(show)}
        rowKey={(event) => event.uuid}
        rowName={(event) => event.displayMessage}
        filtered={q !== '' || outcome !== '' || eventType !== '' || expression !== ''}
        filters={
          <>
            <FilterSelect
              label={texts.range}
              value={range}
              onChange={setRange}
              options={Object.entries(texts.ranges).map(([value, label]) => ({ value, label }))}
            />
            <FilterSelect
              label={texts.outcome}
              value={outcome}
              onChange={setOutcome}
              options={[
                { value: '', label: texts.anyOutcome },
                ...OUTCOMES.map((value) => ({ value, label: shared.status[value] ?? value })),
              ]}
            />
            <TypeField value={eventType} known={known} onChange={setType} />
            <SearchField label={texts.search} value={q} onChange={setQ} />
            <ExpressionField value={expression} onChange={setExpression} />
          </>
        }
        empty={<EmptyState icon={IconFileText} title={texts.empty.title} sentence={texts.empty.sentence} />}
      />
      <EventDrawer event={shown} onClose={() => show(null)} />
    </>
  );
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
}

function TypeField({ value, known, onChange }: FieldProps & { known: string[] }) {
  const [typed, setTyped] = useState(value);
  const send = useDebouncedCallback(onChange, PAUSE_MS);
  return (
    <Autocomplete
      className={classes.type}
      aria-label={texts.eventType}
      placeholder={texts.eventType}
      data={known}
      clearable
      value={typed}
      onChange={(next) => {
        setTyped(next);
        send(next);
      }}
    />
  );
}

function ExpressionField({ value, onChange }: FieldProps) {
  const [typed, setTyped] = useState(value);
  const send = useDebouncedCallback(onChange, PAUSE_MS);
  return (
    <TextInput
      className={classes.expression}
      classNames={{ input: 'code' }}
      aria-label={texts.expression}
      placeholder={texts.expression}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}

function columnsFor(show: (event: LogEvent) => void): Column<LogEvent>[] {
  return [
    {
      key: 'at',
      header: texts.columns.at,
      fixed: true,
      below: true,
      cell: (event) => <Instant at={event.published} exact />,
    },
    {
      key: 'event',
      header: texts.columns.event,
      fixed: true,
      cell: (event) => (
        <UnstyledButton className={classes.event} onClick={() => show(event)} aria-haspopup="dialog">
          {event.displayMessage}
          {event.outcome.reason !== null && <span className={classes.reason}>{event.outcome.reason}</span>}
        </UnstyledButton>
      ),
    },
    {
      key: 'outcome',
      header: texts.columns.outcome,
      fixed: true,
      cell: (event) => <StatusMark status={event.outcome.result} />,
    },
    {
      key: 'actor',
      header: texts.columns.actor,
      below: true,
      cell: (event) => actorOf(event.actor),
    },
    {
      key: 'target',
      header: texts.columns.target,
      below: { named: true },
      cell: (event) => event.target?.map(targetOf).join(', '),
    },
    { key: 'ip', header: texts.columns.ip, wide: true, hiddenAtFirst: true, cell: (event) => event.client?.ipAddress },
    {
      key: 'type',
      header: texts.columns.type,
      wide: true,
      hiddenAtFirst: true,
      cell: (event) => <code>{event.eventType}</code>,
    },
  ];
}
