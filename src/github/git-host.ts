import type { GitHost } from '../ports/git-host.ts';
import { reportConfig } from './checks.ts';
import { createGitHubClient, type GitHubOptions } from './client.ts';
import { createMemory, type GitHubContext } from './memory.ts';
import { observe } from './observe.ts';
import { changePullRequest } from './pull-request-change.ts';
import { findRepo, listRepos } from './repos.ts';
import { writeState } from './state.ts';
import { readConfig, sweep } from './sweep.ts';
import { readTree } from './tree.ts';
import { writePromotion } from './write.ts';

/** GitHub, as the loop needs it. Keeps tokens and what never changes in memory; a new process starts with none of it. */
export function createGitHost(options: GitHubOptions): GitHost {
  const client = createGitHubClient(options);
  const context: GitHubContext = { client, memory: createMemory(), clock: options.clock, log: options.log };
  return {
    findRepo: (fullName) => findRepo(context, fullName),
    listRepos: () => listRepos(context),
    readConfig: (repo) => readConfig(context, repo),
    readTree: (repo, revision) => readTree(context, repo, revision),
    observe: (repo, query) => observe(context, repo, query),
    sweep: (repo) => sweep(context, repo),
    writePromotion: (repo, write) => writePromotion(context, repo, write),
    changePullRequest: (repo, change) => changePullRequest(context, repo, change),
    writeState: (repo, write) => writeState(context, repo, write),
    reportConfig: (repo, report) => reportConfig(context, repo, report),
  };
}
