import type { Config } from '../config/config.ts';
import type { Problem } from '../domain/problem.ts';
import type { Plan } from '../promotion/action.ts';
import type { Snapshot } from '../promotion/snapshot.ts';

/**
 * The pure steps that read what strangers wrote: YAML of any shape. Behind a port because they run beside the process's own
 * work, with a deadline and a cap on memory. Both reject with `DeadlineError` when the text takes too long.
 */
export interface Decider {
  readConfig(text: string): Promise<ConfigRead>;
  plan(snapshot: Snapshot): Promise<Plan>;
}

export type ConfigRead =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export class DeadlineError extends Error {
  constructor(what: string, deadlineMs: number) {
    super(`${what} took longer than ${deadlineMs / 1000} s and was given up`);
    this.name = 'DeadlineError';
  }
}
