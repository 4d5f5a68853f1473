import { accountOf } from './accounts.ts';
import { addComment, addLabels, editComment, ensureLabel, removeLabels } from './comments.ts';
import { createCommitOnBranch } from './commits.ts';
import { type Fields, fieldsList, inner, optionalText, text, texts, truth } from './fields.ts';
import { actorNode } from './graphql-accounts.ts';
import { typedNode } from './graphql-ids.ts';
import { type Behind, type Field, node, PlainObject, type TypeFields } from './graphql-nodes.ts';
import { objectNode, refNode } from './graphql-objects.ts';
import { type MergeMethod, mergePullRequest } from './merges.ts';
import { closePullRequest, reopenPullRequest, setDraft } from './pull-request-state.ts';
import type { PullRequest } from './pull-requests.ts';
import { createPullRequest, editPullRequest } from './pull-requests.ts';
import { branchOf, branchRef } from './ref-names.ts';
import { createRef, deleteRef, updateRef, updateRefs } from './refs.ts';
import { demand, type Repo, visibleRepo } from './repos.ts';
import { notHonoured, RuleError, unprocessable } from './rule-error.ts';
import type { Scope } from './scope.ts';

type Run = (input: Fields, scope: Scope) => Fields;

/** A mutation: the fields of its input that it honours, and what it does. The payload's own fields are all it answers. */
function mutation(name: string, honoured: readonly string[], run: Run): readonly [string, Field] {
  const resolve: Field['resolve'] = (_source, args, scope) => {
    const input = inner(args, 'input');
    failIfAsked(scope, name);
    const ignored = Object.keys(input).find(
      (key) => key !== 'clientMutationId' && !honoured.includes(key) && isGiven(input[key]),
    );
    if (ignored !== undefined) throw notHonoured(name, `the input ${ignored}`);
    return new PlainObject({ clientMutationId: input['clientMutationId'] ?? null, ...run(input, scope) });
  };
  return [name, { args: ['input'], resolve }];
}

/** A default of the schema, such as `maintainerCanModify: true`, is not something the caller asked for. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== true;
}

function failIfAsked(scope: Scope, field: string): void {
  const fault = scope.world.fieldFaults.find((one) => one.field === field && one.times > 0);
  if (!fault) return;
  fault.times -= 1;
  throw new RuleError({ status: 422, type: fault.type, message: fault.message });
}

function repoOf(scope: Scope, input: Fields): Repo {
  return typedNode(scope, text(input, 'repositoryId'), 'Repository').behind.repo;
}

function pullOf(scope: Scope, input: Fields): Behind['PullRequest'] {
  return typedNode(scope, text(input, 'pullRequestId'), 'PullRequest').behind;
}

function pullPayload(scope: Scope, { repo, pull }: Behind['PullRequest']): Fields {
  return { pullRequest: node('PullRequest', { repo, pull }), actor: actorNode(accountOf(scope.actor)) };
}

const refMutations = [
  mutation('createRef', ['repositoryId', 'name', 'oid'], (input, scope) => {
    const repo = repoOf(scope, input);
    createRef(scope, repo, text(input, 'name'), text(input, 'oid'));
    return { ref: refNode(scope, repo, text(input, 'name')) };
  }),
  mutation('updateRef', ['refId', 'oid', 'force'], (input, scope) => {
    const { repo, name } = typedNode(scope, text(input, 'refId'), 'Ref').behind;
    updateRef(scope, repo, { name, oid: text(input, 'oid'), force: truth(input, 'force') });
    return { ref: refNode(scope, repo, name) };
  }),
  mutation('updateRefs', ['repositoryId', 'refUpdates'], (input, scope) => {
    const updates = fieldsList(input, 'refUpdates').map((update) => ({
      name: text(update, 'name'),
      before: optionalText(update, 'beforeOid'),
      after: text(update, 'afterOid'),
      force: truth(update, 'force'),
    }));
    updateRefs(scope, repoOf(scope, input), updates);
    return {};
  }),
  mutation('deleteRef', ['refId'], (input, scope) => {
    const { repo, name } = typedNode(scope, text(input, 'refId'), 'Ref').behind;
    deleteRef(scope, repo, name);
    return {};
  }),
  mutation('createCommitOnBranch', ['branch', 'message', 'fileChanges', 'expectedHeadOid'], (input, scope) => {
    const { repo, branch } = branchNamed(scope, inner(input, 'branch'));
    const changes = inner(input, 'fileChanges');
    const message = inner(input, 'message');
    const body = optionalText(message, 'body') ?? '';
    const oid = createCommitOnBranch(scope, repo, {
      branch,
      expectedHeadOid: text(input, 'expectedHeadOid'),
      message: body === '' ? text(message, 'headline') : `${text(message, 'headline')}\n\n${body}`,
      additions: fieldsList(changes, 'additions').map((file) => ({
        path: text(file, 'path'),
        content: Buffer.from(text(file, 'contents'), 'base64'),
      })),
      deletions: fieldsList(changes, 'deletions').map((file) => text(file, 'path')),
    });
    return { commit: objectNode(repo, oid), ref: refNode(scope, repo, branchRef(branch)) };
  }),
];

/** A branch by the id of its ref, or by repo and name. */
function branchNamed(scope: Scope, branch: Fields): { readonly repo: Repo; readonly branch: string } {
  const id = optionalText(branch, 'id');
  if (id !== undefined) {
    const { repo, name } = typedNode(scope, id, 'Ref').behind;
    return { repo, branch: branchOf(name) ?? name };
  }
  const repo = visibleRepo(scope.world, scope.actor, text(branch, 'repositoryNameWithOwner'));
  const name = text(branch, 'branchName');
  return { repo, branch: branchOf(name) ?? name };
}

function setState(scope: Scope, repo: Repo, pull: PullRequest, state: unknown): void {
  if (state === 'CLOSED') closePullRequest(scope, repo, pull);
  if (state === 'OPEN') reopenPullRequest(scope, repo, pull);
}

const mergeMethods: Readonly<Record<string, MergeMethod>> = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' };

const newPullFields = ['repositoryId', 'baseRefName', 'headRefName', 'title', 'body', 'draft'];

const pullMutations = [
  mutation('createPullRequest', newPullFields, (input, scope) => {
    const repo = repoOf(scope, input);
    const pull = createPullRequest(scope, repo, {
      title: text(input, 'title'),
      body: optionalText(input, 'body') ?? '',
      head: branchOf(text(input, 'headRefName')) ?? text(input, 'headRefName'),
      base: branchOf(text(input, 'baseRefName')) ?? text(input, 'baseRefName'),
      draft: truth(input, 'draft'),
    });
    return { pullRequest: node('PullRequest', { repo, pull }) };
  }),
  mutation('updatePullRequest', ['pullRequestId', 'title', 'body', 'baseRefName', 'state'], (input, scope) => {
    const at = pullOf(scope, input);
    const edit = {
      title: optionalText(input, 'title'),
      body: optionalText(input, 'body'),
      base: optionalText(input, 'baseRefName'),
    };
    editPullRequest(scope, at.repo, at.pull, edit);
    setState(scope, at.repo, at.pull, input['state']);
    return pullPayload(scope, at);
  }),
  mutation('closePullRequest', ['pullRequestId'], (input, scope) => {
    const at = pullOf(scope, input);
    closePullRequest(scope, at.repo, at.pull);
    return { pullRequest: node('PullRequest', at) };
  }),
  mutation('reopenPullRequest', ['pullRequestId'], (input, scope) => {
    const at = pullOf(scope, input);
    reopenPullRequest(scope, at.repo, at.pull);
    return { pullRequest: node('PullRequest', at) };
  }),
  mutation('markPullRequestReadyForReview', ['pullRequestId'], (input, scope) => {
    const at = pullOf(scope, input);
    setDraft(scope, at.repo, at.pull, false);
    return { pullRequest: node('PullRequest', at) };
  }),
  mutation('convertPullRequestToDraft', ['pullRequestId'], (input, scope) => {
    const at = pullOf(scope, input);
    setDraft(scope, at.repo, at.pull, true);
    return { pullRequest: node('PullRequest', at) };
  }),
  mutation(
    'mergePullRequest',
    ['pullRequestId', 'commitHeadline', 'commitBody', 'expectedHeadOid', 'mergeMethod'],
    (input, scope) => {
      const at = pullOf(scope, input);
      demand(scope.actor, at.repo, { any: ['pull_requests'], level: 'write' });
      mergePullRequest(scope, at.repo, at.pull, {
        method: mergeMethods[text(input, 'mergeMethod')] ?? 'merge',
        expectedHeadOid: optionalText(input, 'expectedHeadOid'),
        headline: optionalText(input, 'commitHeadline'),
        body: optionalText(input, 'commitBody'),
      });
      return pullPayload(scope, at);
    },
  ),
];

function labelNames(scope: Scope, input: Fields): readonly string[] {
  return texts(input, 'labelIds').map((id) => typedNode(scope, id, 'Label').behind.label.name);
}

const talkMutations = [
  mutation('addComment', ['subjectId', 'body'], (input, scope) => {
    const { repo, pull } = typedNode(scope, text(input, 'subjectId'), 'PullRequest').behind;
    const comment = addComment(scope, repo, pull, text(input, 'body'));
    const edge = new PlainObject({ cursor: '', node: node('IssueComment', { repo, pull, comment }) });
    return { subject: node('PullRequest', { repo, pull }), commentEdge: edge };
  }),
  mutation('updateIssueComment', ['id', 'body'], (input, scope) => {
    const { repo, pull, comment } = typedNode(scope, text(input, 'id'), 'IssueComment').behind;
    editComment(scope, repo, { pull, comment }, text(input, 'body'));
    return { issueComment: node('IssueComment', { repo, pull, comment }) };
  }),
  mutation('addLabelsToLabelable', ['labelableId', 'labelIds'], (input, scope) => {
    const at = typedNode(scope, text(input, 'labelableId'), 'PullRequest').behind;
    addLabels(scope, at.repo, at.pull, labelNames(scope, input));
    return { labelable: node('PullRequest', at) };
  }),
  mutation('removeLabelsFromLabelable', ['labelableId', 'labelIds'], (input, scope) => {
    const at = typedNode(scope, text(input, 'labelableId'), 'PullRequest').behind;
    removeLabels(scope, at.repo, at.pull, labelNames(scope, input));
    return { labelable: node('PullRequest', at) };
  }),
  mutation('createLabel', ['repositoryId', 'name', 'color', 'description'], (input, scope) => {
    const repo = repoOf(scope, input);
    demand(scope.actor, repo, { any: ['issues', 'pull_requests'], level: 'write' });
    if (repo.labels.has(text(input, 'name').toLowerCase())) throw unprocessable('Name has already been taken');
    return { label: node('Label', { repo, label: ensureLabel(scope, repo, text(input, 'name')) }) };
  }),
];

export const mutationFields: TypeFields = Object.fromEntries([...refMutations, ...pullMutations, ...talkMutations]);
