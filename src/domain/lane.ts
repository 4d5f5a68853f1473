/** One application's way into one environment. Holds, pull requests and plans belong to a lane. */
export interface Lane {
  readonly application: string;
  readonly environment: string;
}

/** What names of applications, environments and targets look like: safe in a branch name, a path and a table cell. */
export const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Longest name of an application, environment or target, in characters: a Kubernetes label value holds as many. */
export const nameCharactersMax = 63;

/** Whether a text may name an application, an environment or a target. Git refuses `..` and `.lock` in branch names. */
export function isName(text: string): boolean {
  return namePattern.test(text) && !text.includes('..') && !text.endsWith('.lock');
}

/** What every lane's branch begins with, and no other branch may. */
export const laneBranchPrefix = 'promote/';

/** The branch of a lane, from the lane alone, so that a second attempt finds the first one's branch. */
export function laneBranch(lane: Lane): string {
  return `${laneBranchPrefix}${lane.environment}/${lane.application}`;
}

/**
 * The branch to take when the lane's own one holds a person's commits and no pull request is open on it.
 * The plus sign cannot occur in a name, so it can never be another application's branch.
 */
export function spareLaneBranch(lane: Lane): string {
  return `${laneBranch(lane)}+2`;
}

/** The lane a branch belongs to, or undefined when the branch is not of a lane. Inverse of the two functions above. */
export function parseLaneBranch(branch: string): Lane | undefined {
  if (!branch.startsWith(laneBranchPrefix)) return undefined;
  const [environment, application, ...rest] = branch.slice(laneBranchPrefix.length).replace(/\+2$/, '').split('/');
  if (environment === undefined || application === undefined || rest.length > 0) return undefined;
  return isName(environment) && isName(application) ? { application, environment } : undefined;
}

/** A text for logs and messages: `web in staging`. */
export function laneTitle(lane: Lane): string {
  return `${lane.application} in ${lane.environment}`;
}

export function sameLane(a: Lane, b: Lane): boolean {
  return a.application === b.application && a.environment === b.environment;
}
