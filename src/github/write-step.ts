import type { Repo } from '../domain/repo.ts';
import { HostError, type PromotionWrite } from '../ports/git-host.ts';
import type { GraphqlAnswer } from './client.ts';
import type { Fault } from './errors.ts';
import { idsOf } from './ids.ts';
import type { GitHubContext, RepoIds } from './memory.ts';
import {
  closePullRequest,
  commitMade,
  createCommitOnBranch,
  createPullRequest,
  createRef,
  faultOf,
  type Mutation,
  mutationRequest,
  pullWritten,
  updatePullRequest,
  updateRefs,
  type WrittenPull,
} from './mutations.ts';
import { newCommit } from './new-commit.ts';
import { type VariableList, variableList } from './variables.ts';

/** Where a promotion stands before a document is sent. */
export interface State {
  readonly branch:
    | { readonly kind: 'absent' }
    /** At the base, with no commit of its own. */
    | { readonly kind: 'base' }
    /** Holds an older commit of ours. */
    | { readonly kind: 'old'; readonly head: string }
    /** Holds the commit wanted. */
    | { readonly kind: 'done'; readonly head: string };
  /** Node id of the pull request to bring in line; undefined to open one. */
  readonly pull: string | undefined;
  readonly draft: boolean;
}

/** What one document did. */
export interface Outcome {
  /** The commit wanted, when the branch is known to hold it. */
  readonly head: string | undefined;
  readonly pull: WrittenPull | undefined;
  readonly branchFaults: readonly Fault[];
  readonly pullFault: Fault | undefined;
  /** The answer never came: anything may have happened. */
  readonly lost: HostError | undefined;
}

interface Step {
  readonly write: PromotionWrite;
  readonly state: State;
  readonly ids: RepoIds;
  /** The commit that was made before the branch moves onto it. */
  readonly made: string | undefined;
  readonly variables: VariableList;
}

/** Sends what is missing, in one document. Throws when GitHub refuses the whole of it. */
export async function send(
  { context, repo, write }: { readonly context: GitHubContext; readonly repo: Repo; readonly write: PromotionWrite },
  state: State,
): Promise<Outcome> {
  const ids = await idsOf(context, repo);
  const variables = variableList();
  const made = movesOpenPull(state) ? await newCommit(context, repo, commitOf(write)) : undefined;
  const step: Step = { write, state, ids, made, variables };
  const request = mutationRequest([...branchMutations(step), pullMutation(step)], variables);
  try {
    return outcomeOf(step, await context.client.graphql(repo.installationId, 'write', request));
  } catch (error) {
    if (!(error instanceof HostError) || error.kind !== 'unreachable') throw error;
    return { head: undefined, pull: undefined, branchFaults: [], pullFault: undefined, lost: error };
  }
}

/** GitHub closes an open pull request whose branch is, even for a moment, where its base is. */
function movesOpenPull({ branch, pull }: State): boolean {
  return branch.kind === 'old' && pull !== undefined;
}

function commitOf({ base, files, commit }: PromotionWrite) {
  return { parent: base.head, files, message: `${commit.headline}\n\n${commit.body}`.trimEnd() };
}

function branchMutations({ write, state, ids, made, variables }: Step): readonly Mutation[] {
  const name = `refs/heads/${write.branch}`;
  const repositoryId = ids.nodeId;
  const base = write.base.head;
  const branch = { alias: 'branch', variables };
  const content = { ...write.commit, fullName: ids.fullName, branch: write.branch, files: write.files };
  const commit = (): Mutation =>
    createCommitOnBranch({ alias: 'commit', variables }, { ...content, expectedHead: base });
  switch (state.branch.kind) {
    case 'absent':
      return [createRef(branch, { repositoryId, name, oid: base }), commit()];
    case 'base':
      return [commit()];
    case 'old': {
      const beforeOid = state.branch.head;
      const updates = [{ name, beforeOid, afterOid: made ?? base }];
      const move = updateRefs(branch, { repositoryId, updates });
      return made === undefined ? [move, commit()] : [move];
    }
    case 'done':
      return [];
  }
}

function pullMutation({ write, state, ids, variables }: Step): Mutation {
  const { title, body } = write.pullRequest;
  const pull = { alias: 'pull', variables };
  const baseRefName = write.base.branch;
  if (state.pull !== undefined) return updatePullRequest(pull, { pullRequestId: state.pull, title, body, baseRefName });
  return createPullRequest(pull, {
    repositoryId: ids.nodeId,
    baseRefName,
    headRefName: write.branch,
    title,
    body,
    draft: state.draft,
  });
}

function outcomeOf({ state, made }: Step, answer: GraphqlAnswer): Outcome {
  const branchFaults = ['branch', 'commit'].flatMap((alias) => faultOf(answer, alias) ?? []);
  return {
    head: headOf(state, { made, answer, moved: faultOf(answer, 'branch') === undefined }),
    pull: pullWritten(answer, 'pull'),
    branchFaults,
    pullFault: faultOf(answer, 'pull'),
    lost: undefined,
  };
}

interface Made {
  readonly made: string | undefined;
  readonly answer: GraphqlAnswer;
  readonly moved: boolean;
}

function headOf({ branch }: State, { made, answer, moved }: Made): string | undefined {
  if (branch.kind === 'done') return branch.head;
  if (made !== undefined) return moved ? made : undefined;
  return commitMade(answer, 'commit');
}

/** Closes a pull request that should not have been opened. What fails here is only logged: the failure before it counts. */
export async function closeStray({ client, log }: GitHubContext, repo: Repo, pull: WrittenPull): Promise<void> {
  const variables = variableList();
  const request = mutationRequest([closePullRequest({ alias: 'close', variables }, pull.id)], variables);
  const facts = { repo: `${repo.owner}/${repo.name}`, pullRequest: pull.number };
  try {
    await client.graphql(repo.installationId, 'write', request);
    log.warn(facts, 'Closed a pull request that was opened on a branch somebody else had moved.');
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    log.warn(
      { ...facts, why: error.message },
      'A pull request opened on a branch that somebody else had moved stays open.',
    );
  }
}
