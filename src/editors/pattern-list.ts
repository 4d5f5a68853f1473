import { z } from 'zod';

/** Patterns of one rule: who needs more means all of them, and `*` says so. */
const patternsMax = 100;

/** The option that lists what may move by name. `mend` says what to write for a name with a blank in it. */
export function patternList(mend: string, about: string) {
  const pattern = z.string().min(1).regex(/^\S+$/u, mend);
  return z.array(pattern).min(1).max(patternsMax).readonly().describe(about);
}
