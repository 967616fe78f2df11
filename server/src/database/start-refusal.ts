/** The hub cannot start: one sentence that names what is wrong, where, and the remedy. It is shown without a stack. */
export class StartRefusal extends Error {
  readonly code = 'start_refused';
}
