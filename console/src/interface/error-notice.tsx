/** A failed request on the screen: the server's sentence, what exactly it named, its code and the request's id. */
import { Alert, Button, CopyButton, Group, List, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asRequestError, type RequestError } from '../api/errors.ts';
import { texts } from '../texts/index.ts';

export function ErrorDetails({ error }: { error: RequestError }) {
  return (
    <>
      <Text size="sm">{error.errorSummary}</Text>
      {error.errorCauses.length > 0 && (
        <List size="sm" my={4} withPadding>
          {error.errorCauses.map((cause) => (
            <List.Item key={cause}>{cause}</List.Item>
          ))}
        </List>
      )}
      <Text size="xs" c="dimmed">
        {texts.errors.code} {error.errorCode}
        {error.requestId !== null && (
          <>
            {' · '}
            {texts.errors.requestId} <CopyableId value={error.requestId} />
          </>
        )}
      </Text>
    </>
  );
}

function CopyableId({ value }: { value: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <UnstyledButton onClick={copy} className="code" fz="xs" td="underline">
          {copied ? texts.actions.copied : value}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}

interface ErrorNoticeProps {
  error: unknown;
  onRetry?: () => void;
  /** What the button says. */
  retry?: string;
  title?: string;
}

export function ErrorNotice({
  error,
  onRetry,
  retry = texts.errors.again,
  title = texts.errors.title,
}: ErrorNoticeProps) {
  return (
    <Alert
      role="alert"
      color="bad"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      bg="var(--surface)"
    >
      <ErrorDetails error={asRequestError(error)} />
      {onRetry !== undefined && (
        <Group mt="sm">
          <Button variant="default" size="xs" onClick={onRetry}>
            {retry}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
