import type { CheckRunChange, NewDeployment, NewDeploymentStatus, NewStatus } from './checks.ts';
import { createCheckRun, createDeployment, createDeploymentStatus, createStatus, dispatch } from './checks.ts';
import type { NewReview } from './comments.ts';
import { addComment, addLabels, addReview, editComment, findComment, removeLabels } from './comments.ts';
import { type MergeMethod, mergePullRequest, updateBranch } from './merges.ts';
import { type AppHandle, act, type By, type CommitDeed, commit, type Deed } from './people.ts';
import { closePullRequest, reopenPullRequest, setDraft } from './pull-request-state.ts';
import { createPullRequest, editPullRequest, type PullEdit, type PullRequest, pullOf } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import { createRef, deleteRef, updateRef } from './refs.ts';
import type { Repo } from './repos.ts';
import type { Scope } from './scope.ts';
import type { World } from './world.ts';

export interface OpenDeed extends Deed {
  readonly title: string;
  readonly body?: string;
  readonly head: string;
  /** The default branch unless said. */
  readonly base?: string;
  readonly draft?: boolean;
}

export interface EditDeed extends Deed, PullEdit {
  readonly draft?: boolean;
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
}

export interface MergeDeed extends Deed {
  readonly method?: MergeMethod;
}

export interface ReviewDeed extends Deed {
  readonly event: NewReview['event'];
  readonly body?: string;
}

export interface WordsDeed extends Deed {
  readonly body: string;
}

export interface StatusDeed extends Deed, Partial<NewStatus> {
  readonly state: string;
  readonly context: string;
}

export interface DeploymentDeed extends Deed, Partial<NewDeployment> {
  readonly ref: string;
  readonly environment: string;
}

export interface DeploymentStatusDeed extends Deed, Partial<NewDeploymentStatus> {
  readonly state: string;
}

export interface CheckRunDeed extends CheckRunChange {
  readonly name: string;
  /** Only Apps make check runs. */
  readonly by: AppHandle;
}

type OnPull = <Result>(
  at: PullPlace,
  by: By | undefined,
  deed: (scope: Scope, repo: Repo, pull: PullRequest) => Result,
) => Result;

interface PullPlace {
  readonly repo: string;
  readonly number: number;
}

/** What people and the bots of other Apps do. Each deed is refused as GitHub would refuse it, by throwing. */
export function acting(world: World) {
  const onPull: OnPull = ({ repo, number }, by, deed) =>
    act(world, repo, by, (scope, found) => deed(scope, found, pullOf(found, number)));
  return { ...branchDeeds(world), ...pullDeeds(world, onPull), ...reports(world) };
}

function branchDeeds(world: World) {
  return {
    /** Pushes one commit, as with Git, and answers its id. */
    commit(repo: string, deed: CommitDeed): string {
      return act(world, repo, deed.by, (scope, found) => commit(scope, found, deed));
    },

    /** From the default branch, another branch or a commit. */
    createBranch(repo: string, branch: string, deed: Deed & { readonly from?: string } = {}): void {
      act(world, repo, deed.by, (scope, found) => {
        const start = deed.from ?? found.defaultBranch;
        createRef(scope, found, branchRef(branch), found.store.ref(branchRef(start)) ?? start);
      });
    },

    deleteBranch(repo: string, branch: string, deed: Deed = {}): void {
      act(world, repo, deed.by, (scope, found) => deleteRef(scope, found, branchRef(branch)));
    },

    /** Moves a branch to a commit, or to where another branch is, whatever it loses. */
    forcePush(repo: string, branch: string, deed: Deed & { readonly to: string }): void {
      act(world, repo, deed.by, (scope, found) => {
        const oid = found.store.ref(branchRef(deed.to)) ?? deed.to;
        updateRef(scope, found, { name: branchRef(branch), oid, force: true });
      });
    },
  };
}

function pullDeeds(world: World, onPull: OnPull) {
  return {
    /** Opens a pull request and answers its number. */
    open(repo: string, deed: OpenDeed): number {
      return act(world, repo, deed.by, (scope, found) => {
        const { title, body = '', head, base = found.defaultBranch, draft = false } = deed;
        return createPullRequest(scope, found, { title, body, head, base, draft }).number;
      });
    },

    edit(repo: string, number: number, deed: EditDeed): void {
      onPull({ repo, number }, deed.by, (scope, found, pull) => {
        editPullRequest(scope, found, pull, deed);
        if (deed.draft !== undefined) setDraft(scope, found, pull, deed.draft);
        addLabels(scope, found, pull, deed.addLabels ?? []);
        removeLabels(scope, found, pull, deed.removeLabels ?? []);
      });
    },

    /** Merges and answers the new head of the base branch. */
    merge(repo: string, number: number, deed: MergeDeed = {}): string {
      const order = {
        method: deed.method ?? 'merge',
        expectedHeadOid: undefined,
        headline: undefined,
        body: undefined,
      };
      return onPull({ repo, number }, deed.by, (scope, found, pull) => mergePullRequest(scope, found, pull, order));
    },

    close(repo: string, number: number, deed: Deed = {}): void {
      onPull({ repo, number }, deed.by, closePullRequest);
    },

    reopen(repo: string, number: number, deed: Deed = {}): void {
      onPull({ repo, number }, deed.by, reopenPullRequest);
    },

    /** Merges the base into the pull request's branch and answers the branch's new head. */
    updateBranch(repo: string, number: number, deed: Deed = {}): string {
      return onPull({ repo, number }, deed.by, updateBranch);
    },

    review(repo: string, number: number, deed: ReviewDeed): void {
      const review = { event: deed.event, body: deed.body ?? '', commitOid: undefined };
      onPull({ repo, number }, deed.by, (scope, found, pull) => addReview(scope, found, pull, review));
    },

    /** Comments on a pull request and answers the comment's id. */
    comment(repo: string, number: number, deed: WordsDeed): number {
      return onPull({ repo, number }, deed.by, (scope, found, pull) => addComment(scope, found, pull, deed.body)).id;
    },

    editComment(repo: string, commentId: number, deed: WordsDeed): void {
      act(world, repo, deed.by, (scope, found) => editComment(scope, found, findComment(found, commentId), deed.body));
    },
  };
}

function reports(world: World) {
  return {
    postStatus(repo: string, ref: string, deed: StatusDeed): void {
      const { by, state, context, description, targetUrl } = deed;
      act(world, repo, by, (scope, found) =>
        createStatus(scope, found, ref, { state, context, description, targetUrl }),
      );
    },

    /** Makes a deployment and answers its id. */
    postDeployment(repo: string, deed: DeploymentDeed): number {
      const { by, ...given } = deed;
      const wanted = { task: 'deploy', payload: {}, description: undefined, ...given };
      return act(world, repo, by, (scope, found) => createDeployment(scope, found, wanted)).id;
    },

    postDeploymentStatus(repo: string, deploymentId: number, deed: DeploymentStatusDeed): void {
      const { by, ...given } = deed;
      const wanted = { description: '', environment: '', targetUrl: '', logUrl: '', environmentUrl: '', ...given };
      act(world, repo, by, (scope, found) => createDeploymentStatus(scope, found, deploymentId, wanted));
    },

    /** Makes a check run and answers its id. */
    postCheckRun(repo: string, ref: string, deed: CheckRunDeed): number {
      const { by, ...wanted } = deed;
      return act(world, repo, by, (scope, found) => createCheckRun(scope, found, ref, wanted)).id;
    },

    /** Sends a `repository_dispatch`. */
    dispatch(repo: string, eventType: string, deed: Deed & { readonly payload?: unknown } = {}): void {
      act(world, repo, deed.by, (scope, found) => dispatch(scope, found, eventType, deed.payload));
    },
  };
}
