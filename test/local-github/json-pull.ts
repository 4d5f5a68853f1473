import type { Account } from './accounts.ts';
import { commitsBetween, compareCommits } from './history.ts';
import { appJson } from './json-app.ts';
import { isoTime, isoTimeOrNull, repositoryJson, repositoryPage, repositoryUrl, userJson } from './json-repo.ts';
import type { Mergeable } from './mergeability.ts';
import type { Comment, PullRequest, Review } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import type { Label, Repo } from './repos.ts';
import { diffTrees } from './trees.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

/** GitHub's word for how somebody belongs to a repo; not fit for deciding anything, there or here. */
export function authorAssociation(repo: Repo, account: Account): string {
  if (account.type === 'Bot') return 'NONE';
  return repo.roles.has(account.id) ? 'COLLABORATOR' : 'NONE';
}

export function labelJson(world: World, repo: Repo, label: Label): Json {
  return {
    id: label.id,
    node_id: label.nodeId,
    url: `${repositoryUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: 'ededed',
    default: false,
    description: null,
  };
}

export function labelsJson(world: World, repo: Repo, pull: PullRequest): readonly Json[] {
  const known = pull.labels.map((name) => repo.labels.get(name.toLowerCase()));
  return known.filter((label) => label !== undefined).map((label) => labelJson(world, repo, label));
}

function sideJson(world: World, repo: Repo, side: { readonly branch: string; readonly oid: string }): Json {
  return {
    label: `${repo.owner.login}:${side.branch}`,
    ref: side.branch,
    sha: side.oid,
    user: userJson(world, repo.owner),
    repo: repositoryJson(world, repo),
  };
}

export function pullPage(world: World, repo: Repo, pull: PullRequest): string {
  return `${repositoryPage(world, repo)}/pull/${pull.number}`;
}

/** REST's pull request as lists carry it: without mergeability and counts. */
export function pullListJson(world: World, repo: Repo, pull: PullRequest): Json {
  const url = `${repositoryUrl(world, repo)}/pulls/${pull.number}`;
  const issue = `${repositoryUrl(world, repo)}/issues/${pull.number}`;
  const page = pullPage(world, repo, pull);
  const links = {
    self: url,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl(world, repo)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repositoryUrl(world, repo)}/statuses/${pull.headOid}`,
  };
  return {
    url,
    id: pull.id,
    node_id: pull.nodeId,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    locked: false,
    title: pull.title,
    user: userJson(world, pull.author),
    body: pull.body === '' ? null : pull.body,
    created_at: isoTime(pull.createdAtMs),
    updated_at: isoTime(pull.updatedAtMs),
    closed_at: isoTimeOrNull(pull.closedAtMs),
    merged_at: isoTimeOrNull(pull.mergedAtMs),
    merge_commit_sha: pull.mergeCommit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: labelsJson(world, repo, pull),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: sideJson(world, repo, { branch: pull.headBranch, oid: pull.headOid }),
    base: sideJson(world, repo, { branch: pull.baseBranch, oid: pull.baseOid }),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: authorAssociation(repo, pull.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** Where the pull request's own commits begin: the base branch now, or as it was when the pull request ended. */
export function baseOf(repo: Repo, pull: PullRequest): string {
  return pull.state === 'OPEN' ? (repo.store.ref(branchRef(pull.baseBranch)) ?? pull.baseOid) : pull.baseOid;
}

/** Files a pull request changes, against where it branched off. */
export function pullFiles(repo: Repo, pull: PullRequest): ReturnType<typeof diffTrees> {
  const from = compareCommits(repo.store, baseOf(repo, pull), pull.headOid).base;
  const before = from === undefined ? undefined : repo.store.commit(from).tree;
  return diffTrees(repo.store, before, repo.store.commit(pull.headOid).tree);
}

/** REST's whole pull request. Lines added and deleted are not counted: both say 0. */
export function pullJson(world: World, repo: Repo, pull: PullRequest, known: Mergeable): Json {
  const mergeable = { MERGEABLE: true, CONFLICTING: false, UNKNOWN: null }[known];
  const clean = mergeable === null ? 'unknown' : 'dirty';
  return {
    ...pullListJson(world, repo, pull),
    merged: pull.state === 'MERGED',
    merged_by: pull.mergedBy ? userJson(world, pull.mergedBy) : null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable ? (pull.draft ? 'draft' : 'clean') : clean,
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsBetween(repo.store, baseOf(repo, pull), pull.headOid).length,
    additions: 0,
    deletions: 0,
    changed_files: pullFiles(repo, pull).length,
  };
}

export function commentJson(world: World, repo: Repo, pull: PullRequest, comment: Comment): Json {
  const url = `${repositoryUrl(world, repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${pullPage(world, repo, pull)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repo)}/issues/${pull.number}`,
    id: comment.id,
    node_id: comment.nodeId,
    user: userJson(world, comment.author),
    created_at: isoTime(comment.createdAtMs),
    updated_at: isoTime(comment.updatedAtMs),
    body: comment.body,
    author_association: authorAssociation(repo, comment.author),
    performed_via_github_app: comment.app ? appJson(world, comment.app) : null,
    reactions: reactionsJson(url, comment),
  };
}

const reactionNames = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

function reactionsJson(url: string, comment: Comment): Json {
  const counts = reactionNames.map(
    (name) => [name, comment.reactions.filter((one) => one.content === name).length] as const,
  );
  return { url: `${url}/reactions`, total_count: comment.reactions.length, ...Object.fromEntries(counts) };
}

export function reviewJson(world: World, repo: Repo, pull: PullRequest, review: Review): Json {
  const page = `${pullPage(world, repo, pull)}#pullrequestreview-${review.id}`;
  const url = `${repositoryUrl(world, repo)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: review.nodeId,
    user: userJson(world, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: url,
    author_association: authorAssociation(repo, review.author),
    _links: { html: { href: page }, pull_request: { href: url } },
    submitted_at: isoTime(review.submittedAtMs),
    commit_id: review.commitOid,
  };
}

/** A pull request seen as an issue: what `issue_comment` webhooks carry. */
export function issueJson(world: World, repo: Repo, pull: PullRequest): Json {
  const url = `${repositoryUrl(world, repo)}/issues/${pull.number}`;
  const page = pullPage(world, repo, pull);
  return {
    url,
    repository_url: repositoryUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: page,
    id: pull.id,
    node_id: pull.nodeId,
    number: pull.number,
    title: pull.title,
    user: userJson(world, pull.author),
    labels: labelsJson(world, repo, pull),
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    state_reason: null,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: pull.comments.length,
    created_at: isoTime(pull.createdAtMs),
    updated_at: isoTime(pull.updatedAtMs),
    closed_at: isoTimeOrNull(pull.closedAtMs),
    author_association: authorAssociation(repo, pull.author),
    active_lock_reason: null,
    draft: pull.draft,
    pull_request: {
      url: `${repositoryUrl(world, repo)}/pulls/${pull.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: isoTimeOrNull(pull.mergedAtMs),
    },
    body: pull.body === '' ? null : pull.body,
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      ...Object.fromEntries(reactionNames.map((name) => [name, 0])),
    },
    performed_via_github_app: pull.app ? appJson(world, pull.app) : null,
  };
}
