/** IdP Signature Certificate: a file or a paste, as many as the provider signs with. */
import { ActionIcon, Button, FileButton, Group, Input, Stack, Text, Textarea } from '@mantine/core';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { sentenceOf } from '../../api/errors.ts';
import { Instant } from '../../interface/instant.tsx';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';
import { readCertificates } from './api.ts';
import type { FormCertificate } from './values.ts';

interface CertificatesFieldProps {
  value: FormCertificate[];
  onChange: (value: FormCertificate[]) => void;
  error: React.ReactNode;
}

const words = texts.saml.certificate;

export function CertificatesField({ value, onChange, error }: CertificatesFieldProps) {
  const [pasted, setPasted] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const add = async (text: string) => {
    try {
      const read = await readCertificates(text);
      const known = new Set(value.map(({ x5c }) => x5c));
      const added = read.filter(({ x5c }) => !known.has(x5c));
      onChange([...value, ...added.map(({ x5c, subject, notAfter }) => ({ kid: null, x5c, subject, notAfter }))]);
      setPasted('');
      setRefused(null);
    } catch (failure) {
      setRefused(sentenceOf(failure));
    }
  };
  return (
    <Input.Wrapper label={labels.idpCertificate} description={words.description} withAsterisk error={error ?? refused}>
      <Stack gap="xs" mt={6}>
        {value.map((certificate) => (
          <Certificate
            key={certificate.x5c}
            certificate={certificate}
            onRemove={() => onChange(value.filter(({ x5c }) => x5c !== certificate.x5c))}
          />
        ))}
        <div>
          <FileButton
            accept=".pem,.crt,.cer,.der,.xml"
            onChange={(file) => file !== null && void textOf(file).then(add)}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
                {words.upload}
              </Button>
            )}
          </FileButton>
        </div>
        <Textarea
          aria-label={words.paste}
          placeholder={words.pastePlaceholder}
          autosize
          minRows={2}
          maxRows={6}
          classNames={{ input: 'code' }}
          value={pasted}
          onChange={(event) => setPasted(event.currentTarget.value)}
        />
        {pasted.trim() !== '' && (
          <div>
            <Button variant="default" onClick={() => void add(pasted)}>
              {words.add}
            </Button>
          </div>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function Certificate({ certificate, onRemove }: { certificate: FormCertificate; onRemove: () => void }) {
  const expired = new Date(certificate.notAfter).getTime() < Date.now();
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {certificate.subject}
        </Text>
        <Text size="sm" c={expired ? 'var(--bad)' : 'dimmed'}>
          {expired ? words.expired : words.until} <Instant at={certificate.notAfter} />
        </Text>
      </div>
      <ActionIcon variant="subtle" aria-label={words.remove(certificate.subject)} onClick={onRemove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

/** PEM and metadata as they are; DER, which is no text, in base64. */
async function textOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (/^\s*(-----|<|MII)/.test(text)) return text;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
