/** What the chosen trust in e-mail addresses entails. */
import { ListField } from '../../interface/form/list-field.tsx';
import { texts } from '../texts.ts';
import { FieldNotes } from './field-notes.tsx';
import type { SectionProps } from './provider-form.tsx';

export function TrustDetails({ form, notes, saml }: SectionProps & { saml: boolean }) {
  const { trustEmail } = form.values;
  const text = saml && trustEmail === 'PROVIDER' ? texts.trustConsequenceSaml : texts.trustConsequences[trustEmail];
  const consequence = { text, warning: trustEmail === 'PROVIDER_DESPITE_CLAIM' };
  return (
    <div>
      <FieldNotes notes={[...(notes.trustEmail ?? []), consequence]} />
      {trustEmail === 'DOMAINS' && (
        <ListField
          label={texts.trustedDomains}
          description={texts.help.trustedDomains}
          placeholder="example.com"
          value={form.values.trustedDomains}
          onChange={(value) => form.setFieldValue('trustedDomains', value)}
          error={form.errors.trustedDomains}
        />
      )}
    </div>
  );
}
