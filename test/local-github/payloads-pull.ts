import { pullJson } from './json-pull.ts';
import type { PullRequest } from './pull-requests.ts';
import type { Repo } from './repos.ts';
import type { World } from './world.ts';

/** The own part of a `pull_request` webhook. Mergeability is never known yet when it is sent. */
export function pullRequestPayload(
  world: World,
  repo: Repo,
  pull: PullRequest,
  event: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { number: pull.number, pull_request: pullJson(world, repo, pull, 'UNKNOWN'), ...event };
}
