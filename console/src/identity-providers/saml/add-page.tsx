/** The second step of adding a SAML provider: its form, begun from a preset. */
import type { SamlPreset } from '../../contract.ts';
import { AddProvider } from '../form/add-provider.tsx';
import { texts } from '../texts.ts';
import { SamlForm } from './saml-form.tsx';

const NO_CERTIFICATES: never[] = [];

export function AddSamlProviderPage() {
  return (
    <AddProvider<SamlPreset> type="SAML2" plain="generic-saml" words={texts.addSaml}>
      {({ key, body, preset }, creation) => (
        <SamlForm key={key} source={body} certificates={NO_CERTIFICATES} preset={preset} {...creation} />
      )}
    </AddProvider>
  );
}
