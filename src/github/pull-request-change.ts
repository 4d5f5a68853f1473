import type { Repo } from '../domain/repo.ts';
import { HostError, type PullRequestChange } from '../ports/git-host.ts';
import type { GraphqlAnswer } from './client.ts';
import { isDraftless, learnDraftless } from './drafts.ts';
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
 * Changes one pull request, with only what the change names; nothing named costs nothing. GitHub goes on with the rest of a
 * document when one of its fields fails, and a caller takes the rest for the sign that all was said: so a comment is sent
 * first, alone, and when it fails nothing else is. Tidying the branch away is a courtesy, and so is a draft where the repo's
 * plan has none: that is logged when it fails. Everything else is thrown.
 */
export async function changePullRequest(context: GitHubContext, repo: Repo, change: PullRequestChange): Promise<void> {
  const { id, comment } = change;
  if (comment !== undefined) await say(context, repo, { id, body: comment });
  const variables = variableList();
  const draft = change.draft === true && isDraftless(context, repo) ? undefined : change.draft;
  const repositoryId = change.deleteBranch === undefined ? '' : (await idsOf(context, repo)).nodeId;
  const mutations = mutationsOf(change, { draft, repositoryId, variables });
  if (mutations.length === 0) return;
  const request = mutationRequest(mutations, variables);
  const answer = await context.client.graphql(repo.installationId, 'write', request);
  readFaults(context, repo, { answer, change });
}

async function say(
  { client }: GitHubContext,
  repo: Repo,
  comment: { readonly id: string; readonly body: string },
): Promise<void> {
  const variables = variableList();
  const request = mutationRequest([addComment({ alias: 'comment', variables }, comment)], variables);
  const fault = faultOf(await client.graphql(repo.installationId, 'write', request), 'comment');
  if (fault !== undefined) throw faultError(fault);
}

interface Means {
  /** The draft state to ask for, if any. */
  readonly draft: boolean | undefined;
  readonly repositoryId: string;
  readonly variables: VariableList;
}

/** Everything but the comment, in the order in which a person would want to see it. */
function mutationsOf(change: PullRequestChange, { draft, repositoryId, variables }: Means): readonly Mutation[] {
  const { id, title, body, close, reopen, deleteBranch } = change;
  const named = (alias: string) => ({ alias, variables });
  const mutations: Mutation[] = [];
  if (title !== undefined || body !== undefined) {
    const text = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
    mutations.push(updatePullRequest(named('update'), { pullRequestId: id, ...text }));
  }
  if (draft !== undefined) mutations.push(setDraft(named('draft'), { id, draft }));
  if (close === true) mutations.push(closePullRequest(named('close'), id));
  if (reopen === true) mutations.push(reopenPullRequest(named('reopen'), id));
  if (deleteBranch !== undefined) {
    const update = { name: `refs/heads/${deleteBranch.name}`, beforeOid: deleteBranch.head, afterOid: noOid };
    mutations.push(updateRefs(named('branch'), { repositoryId, updates: [update] }));
  }
  return mutations;
}

interface Answered {
  readonly answer: GraphqlAnswer;
  readonly change: PullRequestChange;
}

/** Logs what was a courtesy and throws the first other fault: what is shown to people counts before the state. */
function readFaults(context: GitHubContext, repo: Repo, { answer, change }: Answered): void {
  const errorOf = (alias: string): HostError | undefined => {
    const fault = faultOf(answer, alias);
    return fault && faultError(fault);
  };
  const log = (error: HostError, sentence: string): void =>
    context.log.warn({ repo: `${repo.owner}/${repo.name}`, pullRequest: change.number, why: error.message }, sentence);
  const branch = errorOf('branch');
  if (branch !== undefined) log(branch, 'The branch stays where it is.');
  const draft = errorOf('draft');
  const isCourtesy = draft !== undefined && learnDraftless(context, repo, draft.message);
  if (isCourtesy) log(draft, 'The repo takes no draft pull requests: the pull request stays as it was.');
  const failed = errorOf('update') ?? errorOf('reopen') ?? ended(errorOf('close') ?? (isCourtesy ? undefined : draft));
  if (failed !== undefined) throw failed;
}

/** A pull request that cannot be closed or made a draft, and nothing says why, has been closed or merged already. */
function ended(error: HostError | undefined): HostError | undefined {
  return error?.kind === 'refused' ? new HostError('moved', error.message) : error;
}
