import { z } from 'zod';
import type { Repo } from '../domain/repo.ts';
import { HostError } from '../ports/git-host.ts';
import type { Fields } from './commit-files.ts';
import { withoutBotEnding } from './commits.ts';
import { faultError, parseAnswer } from './errors.ts';
import type { GitHubContext } from './memory.ts';
import type { VariableList } from './variables.ts';

/** What a read adds to each place of its document. */
export interface Selections {
  readonly repository: string;
  /** Fields of the branch that is read. */
  readonly branch: string;
  /** Fields of the commit at its head. */
  readonly head: string;
  /** Fields of the commit at the head of the default branch, whichever branch is read. */
  readonly defaultHead: string;
  readonly fragments: readonly string[];
}

export interface ReadRequest {
  readonly variables: VariableList;
  readonly selections: Selections;
  /** The branch that is read; the default one unless it is given. */
  readonly branch?: string | undefined;
}

/** A repo as one read saw it: its fields by alias at each place. */
export interface RepositoryRead {
  /** Login of the App's bot user, without `[bot]`. */
  readonly app: string;
  /** Page of the repo. */
  readonly url: string;
  readonly defaultBranch: string;
  readonly defaultHead: string;
  /** The branch that was read, and its head. */
  readonly branch: string;
  readonly head: string;
  readonly fields: {
    readonly repository: Fields;
    readonly branch: Fields;
    readonly head: Fields;
    readonly defaultHead: Fields;
  };
}

/** Aliases that start with this may fail: then the field is read as null. */
export const mayFail = 'maybe';

const refShape = z
  .looseObject({
    name: z.string(),
    target: z.looseObject({ oid: z.string(), tree: z.object({ oid: z.string() }) }),
  })
  .nullable();

const shape = z.object({
  viewer: z.object({ login: z.string() }),
  repository: z.looseObject({
    id: z.string(),
    databaseId: z.number(),
    nameWithOwner: z.string(),
    url: z.string(),
    defaultBranchRef: refShape,
    readBranchRef: refShape.optional(),
  }),
});

export function repositoryDocument(repo: Repo, { variables, selections, branch }: ReadRequest): string {
  const owner = variables.add('String!', repo.owner);
  const name = variables.add('String!', repo.name);
  const readBranch = branch === undefined ? '' : branchSelection(variables, branch, selections);
  // Declared are the variables that were added by now.
  return `query Read${variables.declarations()} {
  viewer { login }
  repository(owner: ${owner}, name: ${name}) {
    id databaseId nameWithOwner url
    ${readBranch}
    defaultBranchRef {
      name
      target { ... on Commit { oid tree { oid } ${selections.defaultHead} ${branch === undefined ? selections.head : ''} } }
      ${branch === undefined ? selections.branch : ''}
    }
    ${selections.repository}
  }
}
${selections.fragments.join('\n')}`;
}

function branchSelection(variables: VariableList, branch: string, selections: Selections): string {
  return `readBranchRef: ref(qualifiedName: ${variables.add('String!', `refs/heads/${branch}`)}) {
      name
      target { ... on Commit { oid tree { oid } ${selections.head} } }
      ${selections.branch}
    }`;
}

/** One read of a repo (1 request). Fills in what mutations will need of it. */
export async function readRepository(context: GitHubContext, repo: Repo, read: ReadRequest): Promise<RepositoryRead> {
  const document = repositoryDocument(repo, read);
  const answer = await context.client.graphql(repo.installationId, 'read', {
    document,
    variables: read.variables.values(),
  });
  const fault = answer.faults.find((one) => !isTolerable(one));
  if (fault !== undefined) throw faultError(fault);
  const { viewer, repository } = parseAnswer(shape, answer.data, 'a read of a repo');
  // A repo that was renamed leaves its name free for another one.
  if (repository.databaseId !== repo.id) {
    throw new HostError(
      'gone',
      `${repo.owner}/${repo.name} is another repo by now: ${repository.databaseId}, not ${repo.id}`,
    );
  }
  const { defaultBranchRef } = repository;
  if (defaultBranchRef === null) throw new HostError('gone', `${repo.owner}/${repo.name} has no commit yet`);
  const { target } = defaultBranchRef;
  const branch = read.branch === undefined ? defaultBranchRef : (repository.readBranchRef ?? null);
  if (branch === null) throw new HostError('refused', `${repo.owner}/${repo.name} has no branch ${read.branch ?? ''}`);
  const { ids, rootTrees } = context.memory;
  ids.set(String(repo.id), { nodeId: repository.id, fullName: repository.nameWithOwner }, 1);
  for (const head of [target, branch.target]) rootTrees.set(`${repo.id} ${head.oid}`, head.tree.oid, 1);
  return {
    app: withoutBotEnding(viewer.login),
    url: repository.url,
    defaultBranch: defaultBranchRef.name,
    defaultHead: target.oid,
    branch: branch.name,
    head: branch.target.oid,
    fields: { repository, branch, head: branch.target, defaultHead: target },
  };
}

/** A field that found nothing is null, which is an answer; so is one that was allowed to fail. */
function isTolerable(fault: {
  readonly type: string | undefined;
  readonly path: readonly (string | number)[];
}): boolean {
  const inside = fault.path.length > 1;
  return inside && (fault.type === 'NOT_FOUND' || fault.path.some((step) => String(step).startsWith(mayFail)));
}
