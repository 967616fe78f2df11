/** The place for a file: dropped, or chosen by a button. */
import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconDownload, IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useDownload } from '../api/download.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Panel } from '../interface/page.tsx';
import { templatePath } from './api.ts';
import { texts } from './texts.ts';
import classes from './upload.module.css';

interface UploadProps {
  onFile: (file: File) => void;
  /** The name of the file that is on its way. */
  sending: string | null;
  error: unknown;
}

export function Upload({ onFile, sending, error }: UploadProps) {
  const [over, setOver] = useState(false);
  const template = useDownload(templatePath, 'people.csv');
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined && sending === null) onFile(file);
  };
  const dragged = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <Panel title={texts.upload.title} sentence={texts.upload.sentence}>
      <Stack gap="sm">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button inside does the same. */}
        <div
          className={over ? `${classes.drop} ${classes.over}` : classes.drop}
          onDragOver={dragged(true)}
          onDragLeave={dragged(false)}
          onDrop={(event) => {
            dragged(false)(event);
            take(event.dataTransfer.files);
          }}
        >
          {sending === null ? (
            <>
              <IconFileTypeCsv size={28} stroke={1.5} color="var(--quiet)" aria-hidden />
              <Text c="dimmed">{texts.upload.drop}</Text>
              <Button onClick={() => input.current?.click()}>{texts.upload.choose}</Button>
            </>
          ) : (
            <Group gap="sm" role="status">
              <Loader size="sm" aria-hidden />
              <Text>{texts.upload.busy(sending)}</Text>
            </Group>
          )}
          <input
            ref={input}
            className={classes.input}
            type="file"
            accept=".csv,text/csv"
            aria-label={texts.upload.choose}
            onChange={(event) => {
              take(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
        </div>
        {error !== null && <ErrorNotice error={error} title={texts.upload.refused} />}
        <Text size="sm" c="dimmed">
          {texts.upload.passwords}
        </Text>
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={template.isPending}
            onClick={() => template.mutate(undefined)}
          >
            {texts.upload.template}
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}
