import { z } from 'zod';
import type { FileState, Files } from '../domain/file-state.ts';
import { laneBranch, spareLaneBranch } from '../domain/lane.ts';
import type { Branch, PullRequest } from '../domain/pull-request.ts';
import type { LaneQuery, LastChange } from '../ports/git-host.ts';
import { type Fields, fileAt, filesSelection, readFiles } from './commit-files.ts';
import { authorOf, branchCommitOf, commitFactsShape, headlineOf, isByApp } from './commits.ts';
import { parseAnswer } from './errors.ts';
import { isOwn, pullRequestOf, pullRequestShape } from './pulls.ts';
import { mayFail, type RepositoryRead } from './repository.ts';
import type { VariableList } from './variables.ts';

/** Pull requests read of each branch, newest first. */
const pullRequestsRead = 10;

/** Commits read of a branch that the default branch does not have. Ours have one. */
const branchCommitsRead = 30;

/** Changes of the lane's file on the side branch that are looked through for what the App wrote last. */
const stateChangesRead = 10;

/** One lane in a document, and how many of each branch's merges it reads with their files. */
export interface LanePart {
  readonly query: LaneQuery;
  /** Sets the aliases of several lanes apart. */
  readonly prefix: string;
  readonly branches: readonly { readonly name: string; readonly mergesRead: number }[];
}

export interface LaneSelections {
  readonly repository: string;
  readonly defaultBranch: string;
  readonly head: string;
  /** Fields of the commit at the head of the side branch. */
  readonly state: string;
}

/** What one document said about a lane. */
export interface LaneFacts {
  readonly branches: readonly Branch[];
  readonly pullRequests: readonly PullRequest[];
  /** Merges onto the default branch, newest first. */
  readonly merges: readonly MergeFacts[];
  readonly lastChanges: Readonly<Record<string, LastChange>>;
  readonly state: FileState;
  readonly stateChangedBy: { readonly app: boolean; readonly login: string } | undefined;
}

export interface MergeFacts {
  readonly pullRequest: number;
  readonly commit: string;
  readonly mergedAtMs: number;
  /** What the document read around it, if it did. */
  readonly around: Around | undefined;
}

/** The lane's files at a merge commit and at its first parent. */
export interface Around {
  readonly files: Files;
  readonly parent: string;
  readonly before: Files;
}

/** The lane's own branch and its spare one. */
export function branchesOf(query: LaneQuery): readonly [string, string] {
  return [laneBranch(query.lane), spareLaneBranch(query.lane)];
}

export function laneSelections(part: LanePart, variables: VariableList): LaneSelections {
  const { query, prefix } = part;
  const paths = query.paths.map((path) => variables.add('String!', path));
  const statePath = variables.add('String!', query.statePath);
  const branches = part.branches.map((_, index) => branchSelections(part, index, variables));
  return {
    repository: branches.map((branch) => branch.repository).join('\n'),
    defaultBranch: branches.map((branch) => branch.defaultBranch).join('\n'),
    head: paths
      .map((path, index) => `${prefix}h${index}: history(first: 1, path: ${path}) { nodes { ...CommitFacts } }`)
      .join('\n'),
    state: `${prefix}s: file(path: ${statePath}) { ...EntryFacts }
      ${prefix}t: history(first: ${stateChangesRead}, path: ${statePath}) {
        nodes { ...CommitFacts file(path: ${statePath}) { oid } }
      }`,
  };
}

function branchSelections(
  { query, prefix, branches }: LanePart,
  index: number,
  variables: VariableList,
): { readonly repository: string; readonly defaultBranch: string } {
  const { name, mergesRead } = branches[index] ?? { name: '', mergesRead: 0 };
  const branch = variables.add('String!', name);
  const ref = variables.add('String!', `refs/heads/${name}`);
  const wanted = { paths: query.paths, folders: [] };
  const list = `headRefName: ${branch}, orderBy: { field: CREATED_AT, direction: DESC }`;
  const merges = `${prefix}m${index}: pullRequests(${list}, states: MERGED, first: ${mergesRead}) {
      nodes { mergeCommit { ${aroundSelection(variables, query.paths)} } }
    }`;
  return {
    defaultBranch: `${mayFail}${prefix}c${index}: compare(headRef: ${branch}) {
      aheadBy commits(first: ${branchCommitsRead}) { nodes { ...CommitFacts } }
    }`,
    repository: `${prefix}b${index}: ref(qualifiedName: ${ref}) {
      target { ... on Commit { oid ${filesSelection(variables, wanted)} } }
    }
    ${prefix}p${index}: pullRequests(${list}, first: ${pullRequestsRead}) { nodes { ...PullRequestFacts } }
    ${mergesRead > 0 ? merges : ''}`,
  };
}

/** Fields of a merge commit: the files after it and before it. */
export function aroundSelection(variables: VariableList, paths: readonly string[]): string {
  const files = filesSelection(variables, { paths, folders: [] });
  return `oid ${files} parents(first: 1) { nodes { oid ${files} } }`;
}

const aroundShape = z.looseObject({
  oid: z.string(),
  parents: z.object({ nodes: z.array(z.looseObject({ oid: z.string() })) }),
});

export function readAround(
  commit: unknown,
  paths: readonly string[],
): { readonly oid: string; readonly around: Around } | undefined {
  const facts = parseAnswer(aroundShape.nullable(), commit, 'a read of a merge commit');
  const parent = facts?.parents.nodes[0];
  if (facts === null || parent === undefined) return undefined;
  const wanted = { paths, folders: [] };
  const around = { files: readFiles(facts, wanted).files, parent: parent.oid, before: readFiles(parent, wanted).files };
  return { oid: facts.oid, around };
}

export function readLane(part: LanePart, read: RepositoryRead, state: Fields | undefined): LaneFacts {
  const { query, prefix } = part;
  const pulls = part.branches.flatMap((_, index) => ownPulls(read, `${prefix}p${index}`));
  const arounds = new Map(part.branches.flatMap((_, index) => readMerges(read, `${prefix}m${index}`, query.paths)));
  const stateFile = state === undefined ? ({ kind: 'missing' } as const) : fileAt(state[`${prefix}s`]);
  const merges = pulls.flatMap((pull) => mergeOf(pull, read.defaultBranch, arounds));
  return {
    branches: part.branches.flatMap(({ name }, index) => readBranch(part, { name, index }, read)),
    pullRequests: pulls.map((pull) => pullRequestOf(pull, read.app)).toSorted((a, b) => b.createdAtMs - a.createdAtMs),
    merges: merges.toSorted((a, b) => b.mergedAtMs - a.mergedAtMs),
    lastChanges: lastChangesOf(query.paths, (index) => read.fields.head[`${prefix}h${index}`]),
    state: stateFile,
    stateChangedBy: stateChangeOf(state?.[`${prefix}t`], stateFile, read.app),
  };
}

const pullList = z.object({ nodes: z.array(pullRequestShape) });

function ownPulls(read: RepositoryRead, alias: string): readonly z.infer<typeof pullRequestShape>[] {
  const { nodes } = parseAnswer(pullList, read.fields.repository[alias], 'a list of pull requests');
  return nodes.filter((pull) => isOwn(pull, read.app));
}

const mergeList = z.object({ nodes: z.array(z.object({ mergeCommit: z.unknown() })) }).optional();

function readMerges(
  read: RepositoryRead,
  alias: string,
  paths: readonly string[],
): readonly (readonly [string, Around])[] {
  const list = parseAnswer(mergeList, read.fields.repository[alias], 'a list of merged pull requests');
  return (list?.nodes ?? []).flatMap(({ mergeCommit }) => {
    const merge = readAround(mergeCommit ?? null, paths);
    return merge === undefined ? [] : [[merge.oid, merge.around] as const];
  });
}

/** Merges into another branch than the default one promoted nothing. */
function mergeOf(
  pull: z.infer<typeof pullRequestShape>,
  defaultBranch: string,
  arounds: ReadonlyMap<string, Around>,
): readonly MergeFacts[] {
  const commit = pull.mergeCommit?.oid;
  if (pull.state !== 'MERGED' || pull.baseRefName !== defaultBranch || commit === undefined || pull.mergedAt == null)
    return [];
  return [{ pullRequest: pull.number, commit, mergedAtMs: Date.parse(pull.mergedAt), around: arounds.get(commit) }];
}

const branchShape = z.object({ target: z.looseObject({ oid: z.string() }) }).nullable();
const compareShape = z
  .object({ aheadBy: z.number(), commits: z.object({ nodes: z.array(commitFactsShape) }) })
  .nullish();

function readBranch(
  { query, prefix }: LanePart,
  branch: { readonly name: string; readonly index: number },
  read: RepositoryRead,
): readonly Branch[] {
  const ref = parseAnswer(branchShape, read.fields.repository[`${prefix}b${branch.index}`], 'a read of a branch');
  if (ref === null) return [];
  const alias = `${mayFail}${prefix}c${branch.index}`;
  const compared = parseAnswer(compareShape, read.fields.defaultBranch[alias], 'a comparison of branches');
  const head = ref.target.oid;
  const commits = (compared?.commits.nodes ?? []).map((commit) => branchCommitOf(commit, read.app));
  const newestFirst = commits[0]?.oid === head ? commits : commits.toReversed();
  const ahead = compared?.aheadBy;
  // The branch can move between the two fields: then the list is of another head and proves nothing.
  const complete = ahead === commits.length && (ahead === 0 || newestFirst[0]?.oid === head);
  const { files } = readFiles(ref.target, { paths: query.paths, folders: [] });
  return [{ name: branch.name, head, commits: newestFirst, complete, files }];
}

const historyShape = z.object({ nodes: z.array(commitFactsShape) }).nullish();

function lastChangesOf(
  paths: readonly string[],
  historyAt: (index: number) => unknown,
): Readonly<Record<string, LastChange>> {
  const changes = paths.map((path, index) => {
    const commit = parseAnswer(historyShape, historyAt(index), 'the history of a file')?.nodes[0];
    if (commit === undefined) return undefined;
    const { oid, committedDate, message } = commit;
    const change = {
      commit: oid,
      author: authorOf(commit),
      atMs: Date.parse(committedDate),
      headline: headlineOf(message),
    };
    return [path, change] as const;
  });
  return Object.fromEntries(changes.filter((change) => change !== undefined));
}

const stateHistoryShape = z
  .object({ nodes: z.array(commitFactsShape.extend({ file: z.object({ oid: z.string() }).nullish() })) })
  .nullish();

/** The App, if the file is as the App wrote it last: what a person took back again is no change. Else who changed it last. */
function stateChangeOf(history: unknown, state: FileState, app: string): LaneFacts['stateChangedBy'] {
  const { nodes = [] } = parseAnswer(stateHistoryShape, history, 'the history of the side branch') ?? {};
  const [newest] = nodes;
  if (newest === undefined) return undefined;
  const ours = nodes.find((commit) => isByApp(commit, app));
  const asWritten = ours?.file != null && state.kind === 'text' && ours.file.oid === state.oid;
  return asWritten ? { app: true, login: authorOf(ours) } : { app: isByApp(newest, app), login: authorOf(newest) };
}
