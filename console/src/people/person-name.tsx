/** The name of a person of whom the id is known. */
import { usePerson } from './api.ts';
import { nameOf } from './name.ts';

export function PersonName({ id }: { id: string }) {
  const { data } = usePerson(id);
  return <>{data === undefined ? id : nameOf(data.value)}</>;
}
