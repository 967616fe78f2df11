/** How a file of browser tests looks. */
import type { Stage } from './stage/index.ts';

export interface Test {
  /** A sentence that is true when it passes. */
  name: string;
  run(): Promise<void>;
}

export interface Spec {
  title: string;
  /** Each test goes on where the one before ended: after a failed one the rest is not reached. */
  journey: boolean;
  tests(stage: Stage): Promise<Test[]>;
}
