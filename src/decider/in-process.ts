import { parseConfig } from '../config/parse.ts';
import { editors } from '../editors/index.ts';
import type { ConfigRead, Decider } from '../ports/decider.ts';
import type { Plan } from '../promotion/action.ts';
import { plan } from '../promotion/plan.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import { syncSources } from '../sources/index.ts';

/** The two questions answered where they are asked, without a deadline. */
export const decide = {
  readConfig: (text: string): ConfigRead => parseConfig(text, { editors, sources: syncSources }),
  plan: (snapshot: Snapshot): Plan => plan(snapshot),
};

/** A decider for tests and the command line, where no stranger's text is read behind anybody's back. */
export const inProcessDecider: Decider = {
  readConfig: async (text) => decide.readConfig(text),
  plan: async (snapshot) => decide.plan(snapshot),
};
