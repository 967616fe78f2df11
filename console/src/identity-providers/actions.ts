/** What can be done to a provider from a list or from its page. */
import type { IdentityProvider } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useDeleteProvider, useSwitchProvider } from './api.ts';
import { texts } from './texts.ts';

export function useProviderActions(onDeleted?: () => void) {
  const change = useSwitchProvider();
  const remove = useDeleteProvider();
  return {
    activate: (provider: IdentityProvider) => change.mutate({ id: provider.id, to: 'activate' }),
    deactivate: (provider: IdentityProvider) =>
      confirm({
        title: texts.askDeactivate(provider.name),
        sentence: texts.deactivateSentence,
        action: labels.deactivate,
        onConfirm: () => change.mutate({ id: provider.id, to: 'deactivate' }),
      }),
    remove: (provider: IdentityProvider) =>
      confirm({
        title: texts.askDelete(provider.name),
        sentence: texts.deleteSentence,
        action: shared.actions.delete,
        onConfirm: () => remove.mutate(provider.id, { onSuccess: () => onDeleted?.() }),
      }),
  };
}
