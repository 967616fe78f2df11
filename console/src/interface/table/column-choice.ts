/** Which columns of a table a person wants to see, kept in this browser. */
import { useLocalStorage } from '@mantine/hooks';

export interface Choosable {
  key: string;
  /** Absent from the choice: always shown. */
  fixed?: boolean;
  hiddenAtFirst?: boolean;
}

export function useColumnChoice(table: string, columns: Choosable[]) {
  const [hidden, setHidden] = useLocalStorage<string[]>({
    key: `gatehouse.columns.${table}`,
    defaultValue: columns.filter((column) => column.hiddenAtFirst).map((column) => column.key),
    getInitialValueInEffect: false,
  });
  return {
    shows: (key: string) => !hidden.includes(key),
    toggle: (key: string) =>
      setHidden((current) => (current.includes(key) ? current.filter((other) => other !== key) : [...current, key])),
  };
}
