import { addComment, addLabels, addReview, editComment, findComment, react, removeLabels } from './comments.ts';
import { optionalText, text, texts, truth } from './fields.ts';
import { commentJson, labelsJson, pullJson, pullListJson, reviewJson } from './json-pull.ts';
import { fullRepositoryJson, isoTime, rightsJson, userJson } from './json-repo.ts';
import { mergeableOf } from './mergeability.ts';
import { type MergeMethod, mergePullRequest } from './merges.ts';
import { listedPulls } from './pull-request-lists.ts';
import { closePullRequest, reopenPullRequest } from './pull-request-state.ts';
import { createPullRequest, demandPulls, editPullRequest, type PullRequest, pullOf } from './pull-requests.ts';
import { type Repo, roleOf } from './repos.ts';
import { onRepo, page, type RestAnswer, type RestRequest, type Route } from './rest.ts';
import { notFound, notHonoured } from './rule-error.ts';
import type { Scope } from './scope.ts';

const reads = ['pull_requests'];
/** Pull requests are issues too, so either permission lets an App comment and label. */
const talks = ['pull_requests', 'issues'];
const paged = ['per_page', 'page'];

export const pullRoutes: readonly Route[] = [
  onRepo('GET', '', { run: (scope, repo) => ({ status: 200, body: fullRepositoryJson(scope.world, repo) }) }),
  onRepo('GET', '/collaborators/{username}/permission', { run: getPermission }),
  onRepo('GET', '/pulls', { reads, query: [...paged, 'state', 'head', 'base', 'sort', 'direction'], run: listPulls }),
  onRepo('POST', '/pulls', {
    reads,
    level: 'write',
    body: ['title', 'body', 'head', 'base', 'draft', 'maintainer_can_modify'],
    run: createPull,
  }),
  onRepo('GET', '/pulls/{pull_number}', { reads, run: (scope, repo, request) => onePull(scope, repo, request) }),
  onRepo('PATCH', '/pulls/{pull_number}', {
    reads,
    level: 'write',
    body: ['title', 'body', 'state', 'base'],
    run: updatePull,
  }),
  onRepo('PUT', '/pulls/{pull_number}/merge', {
    reads,
    body: ['commit_title', 'commit_message', 'sha', 'merge_method'],
    run: mergePull,
  }),
  onRepo('GET', '/pulls/{pull_number}/reviews', { reads, query: paged, run: listReviews }),
  onRepo('POST', '/pulls/{pull_number}/reviews', { reads, body: ['commit_id', 'body', 'event'], run: createReview }),
  onRepo('GET', '/issues/{issue_number}/comments', { reads: talks, query: paged, run: listComments }),
  onRepo('POST', '/issues/{issue_number}/comments', { reads: talks, body: ['body'], run: createComment }),
  onRepo('GET', '/issues/comments/{comment_id}', { reads: talks, run: getComment }),
  onRepo('PATCH', '/issues/comments/{comment_id}', { reads: talks, body: ['body'], run: updateComment }),
  onRepo('POST', '/issues/comments/{comment_id}/reactions', { reads: talks, body: ['content'], run: createReaction }),
  onRepo('GET', '/issues/{issue_number}/labels', {
    reads: talks,
    query: paged,
    run: (scope, repo, request) => labels(scope, repo, request),
  }),
  onRepo('POST', '/issues/{issue_number}/labels', { reads: talks, body: ['labels'], run: createLabels }),
  onRepo('DELETE', '/issues/{issue_number}/labels/{name}', { reads: talks, run: deleteLabel }),
];

function pullAt(repo: Repo, { params }: RestRequest): PullRequest {
  return pullOf(repo, Number(params['pull_number'] ?? params['issue_number']));
}

function onePull(scope: Scope, repo: Repo, request: RestRequest, status = 200): RestAnswer {
  const pull = pullAt(repo, request);
  return { status, body: pullJson(scope.world, repo, pull, mergeableOf(repo, pull)) };
}

function getPermission(scope: Scope, repo: Repo, { params }: RestRequest): RestAnswer {
  const login = params['username'] ?? '';
  const who = scope.world.accounts.get(login.toLowerCase());
  if (!who) throw notFound(`${login} is not a user`);
  const role = roleOf(repo, who);
  const permission = { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }[
    role
  ];
  const user = { ...userJson(scope.world, who), permissions: rightsJson(role), role_name: role };
  return { status: 200, body: { permission, role_name: role, user } };
}

function listPulls(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { query } = request;
  const wanted = optionalText(query, 'state') ?? 'open';
  const head = optionalText(query, 'head');
  const base = optionalText(query, 'base');
  const shown = listedPulls(scope, repo).filter(({ pull, state }) => {
    const isOpen = state === 'OPEN';
    if (wanted !== 'all' && isOpen !== (wanted === 'open')) return false;
    // GitHub ignores a head that is not `owner:branch`.
    if (head?.includes(':') && head !== `${repo.owner.login}:${pull.headBranch}`) return false;
    return base === undefined || pull.baseBranch === base;
  });
  const sorted = sortPulls(
    shown.map(({ pull }) => pull),
    query,
  );
  const { items, headers } = page(request, sorted);
  return { status: 200, body: items.map((pull) => pullListJson(scope.world, repo, pull)), headers };
}

function sortPulls(pulls: readonly PullRequest[], query: RestRequest['query']): readonly PullRequest[] {
  const sort = optionalText(query, 'sort') ?? 'created';
  if (sort !== 'created' && sort !== 'updated') throw notHonoured('GET /pulls', `sort=${sort}`);
  const key = (pull: PullRequest): number => (sort === 'created' ? pull.number : pull.updatedAtMs);
  const descending =
    (optionalText(query, 'direction') ?? (sort === 'created' && query['sort'] === undefined ? 'desc' : 'asc')) ===
    'desc';
  return pulls.toSorted((a, b) => (descending ? key(b) - key(a) : key(a) - key(b)));
}

function createPull(scope: Scope, repo: Repo, { body }: RestRequest): RestAnswer {
  const pull = createPullRequest(scope, repo, {
    title: optionalText(body, 'title') ?? '',
    body: optionalText(body, 'body') ?? '',
    head: text(body, 'head'),
    base: text(body, 'base'),
    draft: truth(body, 'draft'),
  });
  return { status: 201, body: pullJson(scope.world, repo, pull, 'UNKNOWN') };
}

function updatePull(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { body } = request;
  const pull = pullAt(repo, request);
  demandPulls(scope, repo);
  const [title, words, base] = [optionalText(body, 'title'), optionalText(body, 'body'), optionalText(body, 'base')];
  editPullRequest(scope, repo, pull, { title, body: words, base });
  if (body['state'] === 'closed') closePullRequest(scope, repo, pull);
  if (body['state'] === 'open') reopenPullRequest(scope, repo, pull);
  return onePull(scope, repo, request);
}

function parseMethod(value: unknown): MergeMethod {
  return value === 'squash' || value === 'rebase' ? value : 'merge';
}

function mergePull(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { body } = request;
  const sha = mergePullRequest(scope, repo, pullAt(repo, request), {
    method: parseMethod(body['merge_method']),
    expectedHeadOid: optionalText(body, 'sha'),
    headline: optionalText(body, 'commit_title'),
    body: optionalText(body, 'commit_message'),
  });
  return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
}

function listReviews(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const pull = pullAt(repo, request);
  const { items, headers } = page(request, pull.reviews);
  return { status: 200, body: items.map((review) => reviewJson(scope.world, repo, pull, review)), headers };
}

function createReview(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { body } = request;
  const pull = pullAt(repo, request);
  const event = body['event'];
  if (event !== 'APPROVE' && event !== 'REQUEST_CHANGES' && event !== 'COMMENT') {
    throw notHonoured('POST /reviews', 'a pending review');
  }
  const review = addReview(scope, repo, pull, {
    event,
    body: optionalText(body, 'body') ?? '',
    commitOid: optionalText(body, 'commit_id'),
  });
  return { status: 200, body: reviewJson(scope.world, repo, pull, review) };
}

function listComments(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const pull = pullAt(repo, request);
  const { items, headers } = page(request, pull.comments);
  return { status: 200, body: items.map((comment) => commentJson(scope.world, repo, pull, comment)), headers };
}

function createComment(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const pull = pullAt(repo, request);
  const comment = addComment(scope, repo, pull, text(request.body, 'body'));
  return { status: 201, body: commentJson(scope.world, repo, pull, comment) };
}

function commentAt(repo: Repo, { params }: RestRequest): ReturnType<typeof findComment> {
  return findComment(repo, Number(params['comment_id']));
}

function getComment(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { pull, comment } = commentAt(repo, request);
  return { status: 200, body: commentJson(scope.world, repo, pull, comment) };
}

function updateComment(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { pull, comment } = commentAt(repo, request);
  editComment(scope, repo, { pull, comment }, text(request.body, 'body'));
  return { status: 200, body: commentJson(scope.world, repo, pull, comment) };
}

function createReaction(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { comment } = commentAt(repo, request);
  const { reaction, isNew } = react(scope, repo, comment, text(request.body, 'content'));
  const { id, content, account, createdAtMs } = reaction;
  const body = {
    id,
    node_id: `REA_${id}`,
    user: userJson(scope.world, account),
    content,
    created_at: isoTime(createdAtMs),
  };
  return { status: isNew ? 201 : 200, body };
}

function labels(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { items, headers } = page(request, labelsJson(scope.world, repo, pullAt(repo, request)));
  return { status: 200, body: items, headers };
}

function createLabels(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const pull = pullAt(repo, request);
  addLabels(scope, repo, pull, texts(request.body, 'labels'));
  return { status: 200, body: labelsJson(scope.world, repo, pull) };
}

function deleteLabel(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const pull = pullAt(repo, request);
  removeLabels(scope, repo, pull, [request.params['name'] ?? '']);
  return { status: 200, body: labelsJson(scope.world, repo, pull) };
}
