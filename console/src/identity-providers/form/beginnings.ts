/** What the form of a kind of provider can begin with: one choice per preset and environment, the plain kind first. */
import type { ProviderPreset } from '../../contract.ts';

export interface Beginning<Preset extends ProviderPreset> {
  key: string;
  label: string;
  preset: Preset;
  body: Preset['body'];
}

export function beginningsOf<Preset extends ProviderPreset>(
  presets: readonly Preset[],
  plain: string,
): Beginning<Preset>[] {
  const choices = presets.flatMap((preset): Beginning<Preset>[] => {
    if (preset.environments.length === 0) return [{ key: preset.id, label: preset.name, preset, body: preset.body }];
    return preset.environments.map((environment) => ({
      key: `${preset.id}.${environment.id}`,
      label: `${preset.name}, ${environment.name}`,
      preset,
      body: environment.body,
    }));
  });
  return choices.sort((a, b) => Number(b.key === plain) - Number(a.key === plain));
}
