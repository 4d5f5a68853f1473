import type { Repo } from '../domain/repo.ts';
import { type GitHost, HostError } from '../ports/git-host.ts';
import { reportConfig } from './checks.ts';
import { createGitHubClient, type GitHubOptions } from './client.ts';
import { createMemory, type GitHubContext } from './memory.ts';
import { observe } from './observe.ts';
import { changePullRequest } from './pull-request-change.ts';
import { findRepo, forget, listRepos } from './repos.ts';
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
    forget: (repo) => forget(context, repo),
    listRepos: () => listRepos(context),
    readConfig: (repo) => noticing(context, repo, readConfig(context, repo)),
    readTree: (repo, revision) => noticing(context, repo, readTree(context, repo, revision)),
    observe: (repo, query) => noticing(context, repo, observe(context, repo, query)),
    sweep: (repo, branches) => noticing(context, repo, sweep(context, repo, branches)),
    writePromotion: (repo, write) => noticing(context, repo, writePromotion(context, repo, write)),
    changePullRequest: (repo, change) => noticing(context, repo, changePullRequest(context, repo, change)),
    writeState: (repo, write) => noticing(context, repo, writeState(context, repo, write)),
    reportConfig: (repo, report) => noticing(context, repo, reportConfig(context, repo, report)),
  };
}

/** A repo that is gone may be back under another installation or another name: it is looked for anew. */
async function noticing<Answer>(context: GitHubContext, repo: Repo, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof HostError && error.kind === 'gone') forget(context, repo);
    throw error;
  }
}
