import type { ChosenFault } from './table.ts';

export interface DefaultFault {
  chosen: ChosenFault;
  /** Sign-ins it is still for; null = all until it is cleared. */
  remaining: number | null;
}

/** Approves every sign-in at once, without a page, as one person. */
export interface AutoApproval {
  /** The person's uuid. */
  person: string;
  /** What it plays; null leaves it to the default fault. */
  fault: ChosenFault | null;
  remaining: number | null;
}

/** What the control API has set for the sign-ins to come. */
export interface Defaults {
  fault(): DefaultFault | null;
  setFault(chosen: ChosenFault, times: number | null): void;
  clearFault(): void;
  approval(): AutoApproval | null;
  setApproval(person: string, fault: ChosenFault | null, times: number | null): void;
  clearApproval(): void;
  /** The default fault for the sign-in that is being decided; counts it. */
  takeFault(): ChosenFault | null;
  /** The approval for the sign-in that begins; counts it. */
  takeApproval(): AutoApproval | null;
}

export function createDefaults(): Defaults {
  let fault: DefaultFault | null = null;
  let approval: AutoApproval | null = null;
  return {
    fault: () => fault,
    setFault: (chosen, times) => {
      fault = { chosen, remaining: times };
    },
    clearFault: () => {
      fault = null;
    },
    approval: () => approval,
    setApproval: (person, chosen, times) => {
      approval = { person, fault: chosen, remaining: times };
    },
    clearApproval: () => {
      approval = null;
    },
    takeFault() {
      const taken = fault;
      fault = counted(fault);
      return taken?.chosen ?? null;
    },
    takeApproval() {
      const taken = approval;
      approval = counted(approval);
      return taken;
    },
  };
}

function counted<T extends { remaining: number | null }>(value: T | null): T | null {
  if (value === null || value.remaining === null) return value;
  return value.remaining > 1 ? { ...value, remaining: value.remaining - 1 } : null;
}
