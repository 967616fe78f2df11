/** What every provider is called, and what it is used for. */
import { SimpleGrid, TextInput } from '@mantine/core';
import { FixedField } from '../../interface/form/fixed-field.tsx';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';

interface NameFieldsProps {
  protocol: 'OIDC' | 'SAML';
  /** Of the form that holds the two fields. */
  inputProps: (field: 'name' | 'displayName') => object;
}

export function NameFields({ protocol, inputProps }: NameFieldsProps) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TextInput label={labels.name} description={texts.help.name(protocol)} withAsterisk {...inputProps('name')} />
        <TextInput label={labels.displayName} description={texts.help.displayName} {...inputProps('displayName')} />
      </SimpleGrid>
      <FixedField label={labels.idpUsage} value={texts.help.usage} />
    </>
  );
}
