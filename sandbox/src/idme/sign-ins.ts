import { randomBytes } from 'node:crypto';
import type { ChosenFault } from './faults/table.ts';
import type { Person } from './people/persons.ts';

const KEPT = 5_000;

/** One approved sign-in: what its tokens are made of and which fault they play. */
export interface SignIn {
  id: string;
  person: Person;
  policy: string;
  fault: ChosenFault | null;
}

/** Sign-ins by their own id and, once it exists, by the grant. The oldest are forgotten. */
export interface SignIns {
  add(signIn: Omit<SignIn, 'id'>): SignIn;
  find(id: string): SignIn | undefined;
  /** Ties a sign-in to the grant under which code and tokens are issued. */
  bind(id: string, grantId: string): void;
  ofGrant(grantId: string): SignIn | undefined;
}

export function createSignIns(): SignIns {
  const byId = new Map<string, SignIn>();
  const byGrant = new Map<string, SignIn>();
  return {
    add(values) {
      const signIn = { ...values, id: randomBytes(12).toString('hex') };
      keep(byId, signIn.id, signIn);
      return signIn;
    },
    find: (id) => byId.get(id),
    bind(id, grantId) {
      const signIn = byId.get(id);
      if (signIn !== undefined) keep(byGrant, grantId, signIn);
    },
    ofGrant: (grantId) => byGrant.get(grantId),
  };
}

function keep(map: Map<string, SignIn>, key: string, signIn: SignIn): void {
  map.set(key, signIn);
  const [oldest] = map.keys();
  if (map.size > KEPT && oldest !== undefined) map.delete(oldest);
}
