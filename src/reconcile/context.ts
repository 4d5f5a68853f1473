import type { Clock } from '../ports/clock.ts';
import type { Decider } from '../ports/decider.ts';
import type { GitHost } from '../ports/git-host.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Configs } from './configs.ts';
import type { Trees } from './trees.ts';
import type { Turns } from './turns.ts';

/** The ports, and the memories built on them, that every step of the loop is given. */
export interface LoopContext {
  readonly host: GitHost;
  readonly store: Store;
  readonly decider: Decider;
  readonly clock: Clock;
  readonly log: Log;
  readonly configs: Configs;
  readonly trees: Trees;
  /** Work on one repo that must not run twice at once. */
  readonly turns: Turns;
  /** Host name under which people and controllers see our GitHub's repos, such as `github.com`. */
  readonly webHost: string;
}
