import type { Repo } from '../domain/repo.ts';
import { HostError, type PullRequestChange } from '../ports/git-host.ts';
import type { GraphqlAnswer } from './client.ts';
import { faultError } from './errors.ts';
import { idsOf } from './ids.ts';
import type { GitHubContext } from './memory.ts';
import {
  addComment,
  closePullRequest,
  faultOf,
  type Mutation,
  mutationRequest,
  noOid,
  reopenPullRequest,
  setDraft,
  updatePullRequest,
  updateRefs,
} from './mutations.ts';
import { type VariableList, variableList } from './variables.ts';

/**
 * Changes one pull request in one document, with only what the change names; nothing named costs nothing. What is a courtesy
 * (the draft state, tidying the branch away) is logged when it fails; everything else is thrown.
 */
export async function changePullRequest(context: GitHubContext, repo: Repo, change: PullRequestChange): Promise<void> {
  const variables = variableList();
  const repositoryId = change.deleteBranch === undefined ? '' : (await idsOf(context, repo)).nodeId;
  const mutations = mutationsOf(change, { repositoryId, variables });
  if (mutations.length === 0) return;
  const request = mutationRequest(mutations, variables);
  const answer = await context.client.graphql(repo.installationId, 'write', request);
  for (const alias of ['draft', 'branch']) logFault(context, repo, { alias, answer, change });
  for (const alias of ['update', 'comment', 'reopen']) {
    const fault = faultOf(answer, alias);
    if (fault !== undefined) throw faultError(fault);
  }
  const notClosed = faultOf(answer, 'close');
  if (notClosed !== undefined) throw closeError(faultError(notClosed));
}

/** In the order in which a person would want to see them: what is said comes before what is closed. */
function mutationsOf(
  change: PullRequestChange,
  { repositoryId, variables }: { readonly repositoryId: string; readonly variables: VariableList },
): readonly Mutation[] {
  const { id, title, body, draft, comment, close, reopen, deleteBranch } = change;
  const named = (alias: string) => ({ alias, variables });
  const mutations: Mutation[] = [];
  if (title !== undefined || body !== undefined) {
    const text = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
    mutations.push(updatePullRequest(named('update'), { pullRequestId: id, ...text }));
  }
  if (draft !== undefined) mutations.push(setDraft(named('draft'), { id, draft }));
  if (comment !== undefined) mutations.push(addComment(named('comment'), { id, body: comment }));
  if (close === true) mutations.push(closePullRequest(named('close'), id));
  if (reopen === true) mutations.push(reopenPullRequest(named('reopen'), id));
  if (deleteBranch !== undefined) {
    const update = { name: `refs/heads/${deleteBranch.name}`, beforeOid: deleteBranch.head, afterOid: noOid };
    mutations.push(updateRefs(named('branch'), { repositoryId, updates: [update] }));
  }
  return mutations;
}

/** A pull request that cannot be closed has been closed or merged already. */
function closeError(error: HostError): HostError {
  return error.kind === 'refused' ? new HostError('moved', error.message) : error;
}

interface CourtesyFault {
  readonly alias: string;
  readonly answer: GraphqlAnswer;
  readonly change: PullRequestChange;
}

function logFault({ log }: GitHubContext, repo: Repo, { alias, answer, change }: CourtesyFault): void {
  const fault = faultOf(answer, alias);
  if (fault === undefined) return;
  const facts = { repo: `${repo.owner}/${repo.name}`, pullRequest: change.number, why: faultError(fault).message };
  log.warn(facts, alias === 'draft' ? 'The draft state stays as it was.' : 'The branch stays where it is.');
}
