/** Whether the screen is a phone's: where a table has one column or two, and what it leaves out stands under the name. */
import { useMediaQuery } from '@mantine/hooks';

export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
}
