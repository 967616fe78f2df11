/** Groups and their rules. */
import { SectionTabs as Tabs } from '../shell/section-tabs.tsx';
import { texts } from './texts.ts';

const PLACES = {
  groups: { to: '/directory/groups', label: texts.sections.groups },
  rules: { to: '/directory/groups/rules', label: texts.sections.rules },
};

export const SectionTabs = ({ active }: { active: keyof typeof PLACES }) => <Tabs active={active} places={PLACES} />;
