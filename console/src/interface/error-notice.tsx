/** A failed request on the screen: the server's sentences, and small below them its code and the request's id. */
import { Alert, Button, CopyButton, Group, List, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asRequestError, type RequestError, sentencesOf } from '../api/errors.ts';
import { texts } from '../texts/index.ts';

export function ErrorDetails({ error }: { error: RequestError }) {
  const sentences = sentencesOf(error);
  return (
    <>
      {sentences.length === 1 ? (
        <Text size="sm">{sentences[0]}</Text>
      ) : (
        <List size="sm" mb={4} withPadding>
          {sentences.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      )}
      <ErrorCode error={error} />
    </>
  );
}

/** What whoever runs the hub needs to find the request again. */
export function ErrorCode({ error }: { error: RequestError }) {
  return (
    <Text size="xs" c="dimmed">
      {texts.errors.code} {error.errorCode}
      {error.requestId !== null && (
        <>
          {' · '}
          {texts.errors.requestId} <CopyableId value={error.requestId} />
        </>
      )}
    </Text>
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
