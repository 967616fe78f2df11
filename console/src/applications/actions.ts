/** What can be done to an application from a list or from its page. */
import type { Application } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useDeleteApplication, useSwitchApplication } from './api.ts';
import { texts } from './texts.ts';

export function useApplicationActions(onDeleted?: () => void) {
  const change = useSwitchApplication();
  const remove = useDeleteApplication();
  return {
    activate: (application: Application) => change.mutate({ id: application.id, to: 'activate' }),
    deactivate: (application: Application) =>
      confirm({
        title: texts.askDeactivate(application.label),
        sentence: texts.askDeactivateSentence,
        action: labels.deactivate,
        onConfirm: () => change.mutate({ id: application.id, to: 'deactivate' }),
      }),
    remove: (application: Application) =>
      confirm({
        title: texts.ask(application.label),
        sentence: texts.askSentence,
        action: shared.actions.delete,
        onConfirm: () => remove.mutate(application.id, { onSuccess: () => onDeleted?.() }),
      }),
  };
}
