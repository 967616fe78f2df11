/** Import from metadata: a file or an address fills in what the provider publishes. */
import { Button, FileButton, Group, Text, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { sentenceOf } from '../../api/errors.ts';
import { Panel } from '../../interface/page.tsx';
import { texts } from '../texts.ts';
import { readMetadata } from './api.ts';
import type { ReadMetadata } from './metadata.ts';

const words = texts.saml.metadata;

export function MetadataImport({ onRead }: { onRead: (metadata: ReadMetadata, url: string | null) => void }) {
  const [url, setUrl] = useState('');
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const read = async (from: { xml: string } | { url: string }) => {
    try {
      onRead(await readMetadata(from), 'url' in from ? from.url : null);
      setSaid({ text: words.done, bad: false });
    } catch (failure) {
      setSaid({ text: sentenceOf(failure), bad: true });
    }
  };
  return (
    <Panel title={words.title}>
      <Text c="dimmed" mb="sm">
        {words.sentence}
      </Text>
      <Group align="flex-end" gap="sm" maw={720}>
        <TextInput
          label={words.address}
          inputMode="url"
          style={{ flex: '1 1 260px' }}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Button variant="default" disabled={url.trim() === ''} onClick={() => void read({ url: url.trim() })}>
          {words.fetch}
        </Button>
        <FileButton accept=".xml" onChange={(file) => file !== null && void file.text().then((xml) => read({ xml }))}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
              {words.file}
            </Button>
          )}
        </FileButton>
      </Group>
      {said !== null && (
        <Text role="status" mt="sm" c={said.bad ? 'var(--bad)' : undefined}>
          {said.text}
        </Text>
      )}
    </Panel>
  );
}
