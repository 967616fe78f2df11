/** Adding a routing rule, and changing one. */
import { useNavigate } from '@tanstack/react-router';
import { rowsOf } from '../api/hooks.ts';
import { useProviderChoices } from '../identity-providers/api.ts';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { Missing, PageError } from '../interface/page-error.tsx';
import { usePageId } from '../interface/url-state.ts';
import { useRoutingPolicy, useRoutingRules, useSaveRule } from './api.ts';
import { RuleForm } from './rule-form.tsx';
import { texts } from './texts.ts';
import { toWire } from './values.ts';

const LIST = '/security/identity-providers/routing-rules';
const BACK = { to: LIST, label: texts.title } as const;

export function AddRoutingRulePage() {
  return <RulePage />;
}

export function EditRoutingRulePage() {
  return <RulePage id={usePageId()} />;
}

function RulePage({ id }: { id?: string }) {
  const navigate = useNavigate();
  const policy = useRoutingPolicy();
  const policyId = policy.data?.[0]?.id;
  const rules = useRoutingRules(policyId);
  const providers = useProviderChoices();
  const save = useSaveRule();
  const words = id === undefined ? texts.add : texts.change;
  const failed = policy.error ?? rules.error ?? providers.error;
  if (failed) return <PageError error={failed} back={BACK} />;
  if (policyId === undefined || providers.data === undefined || (id !== undefined && rules.isPending))
    return <PageSkeleton />;
  const existing = rowsOf(rules).find((rule) => rule.id === id);
  if (id !== undefined && existing === undefined) return <Missing back={BACK} />;
  return (
    <>
      <PageHeader title={words.title} sentence={words.sentence} back={BACK} />
      <RuleForm
        {...(existing === undefined ? {} : { existing })}
        providers={providers.data}
        pending={save.isPending}
        error={save.error}
        onCancel={() => void navigate({ to: LIST })}
        onSubmit={(values, activate, screen) => {
          const type = providers.data.find((provider) => provider.id === values.provider)?.type ?? 'OIDC';
          save.mutate(
            { policyId, ...(id === undefined ? {} : { id }), input: toWire(values, type, existing), activate },
            {
              onSuccess: () => {
                screen.saved();
                void navigate({ to: LIST });
              },
              onError: screen.refused,
            },
          );
        }}
      />
    </>
  );
}
