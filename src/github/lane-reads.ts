import { z } from 'zod';
import type { FileState } from '../domain/file-state.ts';
import { laneBranch, spareLaneBranch } from '../domain/lane.ts';
import type { FileChange } from '../domain/lane-history.ts';
import type { Branch, PullRequest } from '../domain/pull-request.ts';
import type { LaneQuery } from '../ports/git-host.ts';
import { type Fields, fileAt, filesSelection, readFiles } from './commit-files.ts';
import { authorOf, branchCommitOf, commitFactsShape, headlineOf, isByApp } from './commits.ts';
import { parseAnswer } from './errors.ts';
import { type MergeFacts, mergeSelections, readMerged, readMerges } from './lane-merges.ts';
import { isOwn, type PullRequestFacts, pullRequestList, pullRequestOf } from './pulls.ts';
import { mayFail, type RepositoryRead } from './repository.ts';
import type { VariableList } from './variables.ts';

/** Pull requests read of each branch, newest first. */
const pullRequestsRead = 10;

/** Open pull requests read of a branch: GitHub allows one for each base, so one of ours and whether there is another. */
const openRead = 3;

const newestFirst = 'orderBy: { field: CREATED_AT, direction: DESC }';

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
  /** Fields of the branch the lane's pull requests go to. */
  readonly branch: string;
  readonly head: string;
  /** Fields of the commit at the head of the side branch. */
  readonly state: string;
}

/** What one document said about a lane. */
export interface LaneFacts {
  readonly branches: readonly Branch[];
  readonly pullRequests: readonly PullRequest[];
  /** Merges onto the branch that was read, newest first. */
  readonly merges: readonly MergeFacts[];
  readonly lastChanges: Readonly<Record<string, FileChange>>;
  readonly state: FileState;
  readonly stateChangedBy: { readonly app: boolean; readonly login: string } | undefined;
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
    repository: branches.map(({ repository }) => repository).join('\n'),
    branch: branches.map(({ branch }) => branch).join('\n'),
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
): { readonly repository: string; readonly branch: string } {
  const { name, mergesRead } = branches[index] ?? { name: '', mergesRead: 0 };
  const headRef = variables.add('String!', name);
  const ref = variables.add('String!', `refs/heads/${name}`);
  const { paths } = query;
  const list = `headRefName: ${headRef}, ${newestFirst}`;
  return {
    branch: `${mayFail}${prefix}c${index}: compare(headRef: ${headRef}) {
      aheadBy commits(first: ${branchCommitsRead}) { nodes { ...CommitFacts } }
    }`,
    repository: `${prefix}b${index}: ref(qualifiedName: ${ref}) {
      target { ... on Commit { oid ${filesSelection(variables, { paths, folders: [] })} } }
      associatedPullRequests(states: OPEN, first: ${openRead}, ${newestFirst}) { nodes { ...PullRequestFacts } }
    }
    ${prefix}p${index}: pullRequests(${list}, first: ${pullRequestsRead}) { nodes { ...PullRequestFacts } }
    ${mergeSelections({ prefix, index, list, paths, mergesRead }, variables)}`,
  };
}

export function readLane(part: LanePart, read: RepositoryRead, state: Fields | undefined): LaneFacts {
  const { query, prefix } = part;
  const merges = part.branches.flatMap((_, index) => readMerges({ prefix, index, paths: query.paths }, read));
  const stateFile = state === undefined ? ({ kind: 'missing' } as const) : fileAt(state[`${prefix}s`]);
  return {
    branches: part.branches.flatMap(({ name }, index) => readBranch(part, { name, index }, read)),
    pullRequests: ownPulls(part, read).toSorted((a, b) => b.createdAtMs - a.createdAtMs),
    merges: merges.toSorted((a, b) => b.mergedAtMs - a.mergedAtMs),
    lastChanges: lastChangesOf(query.paths, (index) => read.fields.head[`${prefix}h${index}`]),
    state: stateFile,
    stateChangedBy: stateChangeOf(state?.[`${prefix}t`], stateFile, read.app),
  };
}

/** Each of the App's once, though a pull request can be on several lists. */
function ownPulls({ query, prefix, branches }: LanePart, read: RepositoryRead): readonly PullRequest[] {
  const all = branches.flatMap((_, index) => [
    ...pullRequestList(read.fields.repository[`${prefix}p${index}`]),
    ...openOn(refAt(prefix, index, read)),
    ...readMerged({ prefix, index, paths: query.paths }, read),
  ]);
  const own = all
    .filter((pull) => isOwn(pull, read.app))
    .map((pull) => [pull.id, pullRequestOf(pull, read.app)] as const);
  return [...new Map(own).values()];
}

const refShape = z
  .object({ target: z.looseObject({ oid: z.string() }), associatedPullRequests: z.unknown() })
  .nullable();

function refAt(prefix: string, index: number, read: RepositoryRead): z.infer<typeof refShape> {
  return parseAnswer(refShape, read.fields.repository[`${prefix}b${index}`], 'a read of a branch');
}

/** Open pull requests of the branch itself: those of forks' branches with the same name are not among them. */
function openOn(ref: z.infer<typeof refShape>): readonly PullRequestFacts[] {
  return ref === null ? [] : pullRequestList(ref.associatedPullRequests).filter((pull) => !pull.isCrossRepository);
}

const compareShape = z
  .object({ aheadBy: z.number(), commits: z.object({ nodes: z.array(commitFactsShape) }) })
  .nullish();

function readBranch(
  { query, prefix }: LanePart,
  branch: { readonly name: string; readonly index: number },
  read: RepositoryRead,
): readonly Branch[] {
  const ref = refAt(prefix, branch.index, read);
  if (ref === null) return [];
  const alias = `${mayFail}${prefix}c${branch.index}`;
  const compared = parseAnswer(compareShape, read.fields.branch[alias], 'a comparison of branches');
  const head = ref.target.oid;
  const commits = (compared?.commits.nodes ?? []).map((commit) => branchCommitOf(commit, read.app));
  const ordered = commits[0]?.oid === head ? commits : commits.toReversed();
  const ahead = compared?.aheadBy;
  // The branch can move between the two fields: then the list is of another head and proves nothing.
  const complete = ahead === commits.length && (ahead === 0 || ordered[0]?.oid === head);
  const { files } = readFiles(ref.target, { paths: query.paths, folders: [] });
  const foreignPullRequest = openOn(ref).find((pull) => !isOwn(pull, read.app))?.number;
  return [{ name: branch.name, head, commits: ordered, complete, foreignPullRequest, files }];
}

const historyShape = z.object({ nodes: z.array(commitFactsShape) }).nullish();

function lastChangesOf(
  paths: readonly string[],
  historyAt: (index: number) => unknown,
): Readonly<Record<string, FileChange>> {
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
