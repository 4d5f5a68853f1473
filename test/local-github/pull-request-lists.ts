import type { PullRequest, PullState } from './pull-requests.ts';
import type { Repo } from './repos.ts';
import type { Scope } from './scope.ts';
import type { World } from './world.ts';

/** Lets lists lag behind a change of state, where the test asked for eventual consistency. */
export function lagBehind(world: World, pull: PullRequest, state: PullState | undefined): void {
  const { staleReadMs, staleReads } = world.settings;
  if (staleReadMs > 0 || staleReads > 0) {
    pull.listedAs = { state, untilMs: staleReadMs > 0 ? world.now() + staleReadMs : 0, readsLeft: staleReads };
  }
}

/** The pull requests with the state a list shows of them. */
export function listedPulls(
  scope: Scope,
  repo: Repo,
): readonly { readonly pull: PullRequest; readonly state: PullState }[] {
  const listed: { pull: PullRequest; state: PullState }[] = [];
  for (const pull of repo.pulls.values()) {
    const stale = pull.listedAs;
    const lags = stale !== undefined && (stale.readsLeft > 0 || scope.world.now() < stale.untilMs);
    if (stale && lags) stale.readsLeft -= 1;
    const state = stale && lags ? stale.state : pull.state;
    if (state !== undefined) listed.push({ pull, state });
  }
  return listed;
}
