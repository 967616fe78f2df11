/** Identity Providers and Routing Rules. */
import { SectionTabs as Tabs } from '../shell/section-tabs.tsx';
import { texts } from './texts.ts';

const PLACES = {
  providers: { to: '/security/identity-providers', label: texts.tabs.providers },
  rules: { to: '/security/identity-providers/routing-rules', label: texts.tabs.rules },
};

export const SectionTabs = ({ active }: { active: keyof typeof PLACES }) => <Tabs active={active} places={PLACES} />;
