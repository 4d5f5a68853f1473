import { stateBranch } from '../domain/decision.ts';
import type { Repo } from '../domain/repo.ts';
import { HostError, type StateWrite } from '../ports/git-host.ts';
import { headlineOf } from './commits.ts';
import { faultError } from './errors.ts';
import { idsOf } from './ids.ts';
import type { GitHubContext } from './memory.ts';
import { commitMade, createCommitOnBranch, mutationRequest } from './mutations.ts';
import { newCommit } from './new-commit.ts';
import { variableList } from './variables.ts';

/** Puts one file on the side branch if it still is where it was seen: 1 request, or 3 to make the branch. */
export async function writeState(context: GitHubContext, repo: Repo, write: StateWrite): Promise<void> {
  if (write.head === undefined) return makeBranch(context, repo, write);
  const { fullName } = await idsOf(context, repo);
  const variables = variableList();
  const headline = headlineOf(write.message);
  const commit = createCommitOnBranch(
    { alias: 'commit', variables },
    {
      fullName,
      branch: stateBranch,
      expectedHead: write.head,
      files: { [write.path]: write.text },
      headline,
      body: write.message.slice(headline.length).trim(),
    },
  );
  const request = mutationRequest([commit], variables);
  const answer = await context.client.graphql(repo.installationId, 'write', request);
  const [fault] = answer.faults;
  if (fault !== undefined) throw faultError(fault);
  if (commitMade(answer, 'commit') === undefined) throw new HostError('unreachable', 'GitHub did not name the commit');
}

/** The branch shares no history with the repo's code. Whoever makes it first wins; the other is told that it `moved`. */
async function makeBranch(context: GitHubContext, repo: Repo, write: StateWrite): Promise<void> {
  const files = { [write.path]: write.text };
  const sha = await newCommit(context, repo, { parent: undefined, files, message: write.message });
  await context.client.rest(repo.installationId, 'write', (octokit) =>
    octokit.request('POST /repos/{owner}/{repo}/git/refs', {
      owner: repo.owner,
      repo: repo.name,
      ref: `refs/heads/${stateBranch}`,
      sha,
    }),
  );
}
