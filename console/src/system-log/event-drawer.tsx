/** One event of the System Log with everything that was recorded. */
import { Button, Code, Drawer, Stack, Table, Text } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { LogEvent } from '../contract.ts';
import { Instant } from '../interface/instant.tsx';
import { StatusMark } from '../interface/status.tsx';
import { texts as shared } from '../texts/index.ts';
import { actorOf, targetOf, withKind } from './party.ts';
import { texts } from './texts.ts';

export function EventDrawer({ event, onClose }: { event: LogEvent | null; onClose: () => void }) {
  return (
    <Drawer
      opened={event !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={event?.displayMessage ?? ''}
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      {event !== null && <Details event={event} />}
    </Drawer>
  );
}

function Details({ event }: { event: LogEvent }) {
  const traceId = traceOf(event);
  const facts: [string, React.ReactNode][] = [
    [texts.columns.outcome, <StatusMark key="o" status={event.outcome.result} />],
    [texts.reason, event.outcome.reason],
    [texts.columns.at, <Instant key="t" at={event.published} exact />],
    [texts.columns.type, <code key="e">{event.eventType}</code>],
    [texts.columns.actor, withKind(actorOf(event.actor), event.actor)],
    [texts.columns.target, event.target?.map((target) => withKind(targetOf(target), target)).join(', ')],
    [texts.columns.ip, event.client?.ipAddress],
    [texts.id, <code key="i">{event.uuid}</code>],
  ];
  return (
    <Stack gap="md">
      {traceId !== null && (
        <div>
          <Button
            component={Link}
            to={`/reports/sign-in-traces/${traceId}`}
            variant="default"
            leftSection={<IconRoute size={16} aria-hidden />}
          >
            {texts.trace}
          </Button>
        </div>
      )}
      <Table variant="vertical" withTableBorder aria-label={texts.details} layout="fixed">
        <Table.Tbody>
          {facts
            .filter(([, value]) => value !== null && value !== undefined && value !== '')
            .map(([label, value]) => (
              <Table.Tr key={label}>
                <Table.Th w={120}>{label}</Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
      <div>
        <Text fw={500} mb={4}>
          {texts.json}
        </Text>
        <Code block tabIndex={0} style={{ maxHeight: 420 }}>
          {JSON.stringify(event, null, 2)}
        </Code>
      </div>
    </Stack>
  );
}

/** A sign-in's events carry its trace as their transaction; other events carry the request's or their own id there. */
function traceOf(event: LogEvent): string | null {
  const { id } = event.transaction;
  return id === event.uuid || id === event.debugContext.debugData.requestId ? null : id;
}
