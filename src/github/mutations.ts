import { z } from 'zod';
import type { FileWrites } from '../ports/git-host.ts';
import type { GraphqlAnswer, GraphqlRequest } from './client.ts';
import type { Fault } from './errors.ts';
import { parseAnswer } from './errors.ts';
import type { VariableList } from './variables.ts';

/** Git's way to say that a ref does not exist. */
export const noOid = '0'.repeat(40);

/** One field of a mutation document, by the alias its answer and its faults are found under. */
export interface Mutation {
  readonly alias: string;
  readonly field: string;
}

/** What is asked of a pull request that was written. */
export const writtenPull = `
fragment WrittenPull on PullRequest { id number url state isDraft title body headRefOid baseRefName }`;

export const writtenPullShape = z.object({
  id: z.string(),
  number: z.number(),
  url: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  title: z.string(),
  body: z.string(),
  headRefOid: z.string(),
  baseRefName: z.string(),
});

export type WrittenPull = z.infer<typeof writtenPullShape>;

/** The fields run one after the other; when one fails, GitHub goes on with the next all the same. */
export function mutationRequest(mutations: readonly Mutation[], variables: VariableList): GraphqlRequest {
  const fields = mutations.map(({ alias, field }) => `${alias}: ${field}`).join('\n  ');
  const fragment = fields.includes('...WrittenPull') ? writtenPull : '';
  const document = `mutation Write${variables.declarations()} {\n  ${fields}\n}${fragment}`;
  return { document, variables: variables.values() };
}

interface Named {
  readonly alias: string;
  readonly variables: VariableList;
}

export function createRef(
  { alias, variables }: Named,
  input: { readonly repositoryId: string; readonly name: string; readonly oid: string },
): Mutation {
  return { alias, field: `createRef(input: ${variables.add('CreateRefInput!', input)}) { ref { name } }` };
}

export interface RefUpdate {
  readonly name: string;
  readonly beforeOid: string;
  readonly afterOid: string;
}

/** Moves or deletes refs, all or none, each only if it is where it is thought to be. */
export function updateRefs(
  { alias, variables }: Named,
  { repositoryId, updates }: { readonly repositoryId: string; readonly updates: readonly RefUpdate[] },
): Mutation {
  const refUpdates = updates.map((update) => ({ ...update, force: true }));
  const input = variables.add('UpdateRefsInput!', { repositoryId, refUpdates });
  return { alias, field: `updateRefs(input: ${input}) { clientMutationId }` };
}

export interface BranchCommit {
  readonly fullName: string;
  readonly branch: string;
  readonly expectedHead: string;
  readonly files: FileWrites;
  readonly headline: string;
  readonly body: string;
}

/** A commit on top of a branch, made and signed by GitHub for the App. */
export function createCommitOnBranch({ alias, variables }: Named, commit: BranchCommit): Mutation {
  const additions = Object.entries(commit.files).flatMap(([path, text]) =>
    text === undefined ? [] : [{ path, contents: Buffer.from(text, 'utf8').toString('base64') }],
  );
  const deletions = Object.entries(commit.files).flatMap(([path, text]) => (text === undefined ? [{ path }] : []));
  const input = variables.add('CreateCommitOnBranchInput!', {
    branch: { repositoryNameWithOwner: commit.fullName, branchName: commit.branch },
    expectedHeadOid: commit.expectedHead,
    message: { headline: commit.headline, body: commit.body },
    fileChanges: deletions.length === 0 ? { additions } : { additions, deletions },
  });
  return { alias, field: `createCommitOnBranch(input: ${input}) { commit { oid } }` };
}

export interface NewPullRequest {
  readonly repositoryId: string;
  readonly baseRefName: string;
  readonly headRefName: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

export function createPullRequest({ alias, variables }: Named, pull: NewPullRequest): Mutation {
  const input = variables.add('CreatePullRequestInput!', pull);
  return { alias, field: `createPullRequest(input: ${input}) { pullRequest { ...WrittenPull } }` };
}

export interface PullRequestText {
  readonly pullRequestId: string;
  readonly title?: string;
  readonly body?: string;
  readonly baseRefName?: string;
}

export function updatePullRequest({ alias, variables }: Named, text: PullRequestText): Mutation {
  const input = variables.add('UpdatePullRequestInput!', text);
  return { alias, field: `updatePullRequest(input: ${input}) { pullRequest { ...WrittenPull } }` };
}

export function setDraft(
  { alias, variables }: Named,
  pull: { readonly id: string; readonly draft: boolean },
): Mutation {
  const input = { pullRequestId: pull.id };
  const field = pull.draft
    ? `convertPullRequestToDraft(input: ${variables.add('ConvertPullRequestToDraftInput!', input)})`
    : `markPullRequestReadyForReview(input: ${variables.add('MarkPullRequestReadyForReviewInput!', input)})`;
  return { alias, field: `${field} { clientMutationId }` };
}

export function addComment(
  { alias, variables }: Named,
  comment: { readonly id: string; readonly body: string },
): Mutation {
  const input = variables.add('AddCommentInput!', { subjectId: comment.id, body: comment.body });
  return { alias, field: `addComment(input: ${input}) { clientMutationId }` };
}

export function closePullRequest({ alias, variables }: Named, id: string): Mutation {
  const input = variables.add('ClosePullRequestInput!', { pullRequestId: id });
  return { alias, field: `closePullRequest(input: ${input}) { clientMutationId }` };
}

export function reopenPullRequest({ alias, variables }: Named, id: string): Mutation {
  const input = variables.add('ReopenPullRequestInput!', { pullRequestId: id });
  return { alias, field: `reopenPullRequest(input: ${input}) { clientMutationId }` };
}

/** The fault of one mutation of a document, if it failed. */
export function faultOf(answer: GraphqlAnswer, alias: string): Fault | undefined {
  return answer.faults.find(({ path }) => path[0] === alias);
}

const commitPayload = z.object({ commit: z.object({ oid: z.string() }).nullish() }).nullish();
const pullPayload = z.object({ pullRequest: writtenPullShape.nullish() }).nullish();

export function commitMade(answer: GraphqlAnswer, alias: string): string | undefined {
  return parseAnswer(commitPayload, answer.data[alias], 'a commit')?.commit?.oid;
}

export function pullWritten(answer: GraphqlAnswer, alias: string): WrittenPull | undefined {
  return parseAnswer(pullPayload, answer.data[alias], 'a write of a pull request')?.pullRequest ?? undefined;
}
