/** The second step of adding an OpenID Connect provider: its form, begun from a preset. */
import type { OidcPreset } from '../contract.ts';
import { AddProvider } from './form/add-provider.tsx';
import { ProviderForm } from './form/provider-form.tsx';
import { texts } from './texts.ts';

export function AddOidcProviderPage() {
  return (
    <AddProvider<OidcPreset> type="OIDC" plain="generic-oidc" words={texts.add}>
      {({ key, body, preset }, creation) => <ProviderForm key={key} source={body} preset={preset} {...creation} />}
    </AddProvider>
  );
}
