import { z } from 'zod';
import type { Files } from '../domain/file-state.ts';
import { filesSelection, readFiles } from './commit-files.ts';
import { parseAnswer } from './errors.ts';
import { authorShape, isOwn, type PullRequestFacts, pullRequestList } from './pulls.ts';
import type { RepositoryRead } from './repository.ts';
import type { VariableList } from './variables.ts';

/** Merged pull requests listed of each branch, newest first: five are wanted, and not all of them need be merges of ours. */
const mergesListed = 20;

/** Merged pull requests read as fully as open ones, so that the newest of ours is among them. */
const mergedRead = 2;

/** A merge of one of the App's pull requests onto the branch that was read. */
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

export interface MergesPart {
  /** Sets the aliases of several branches apart: `l0` and `0`. */
  readonly prefix: string;
  readonly index: number;
  /** Arguments that list the branch's pull requests, newest first. */
  readonly list: string;
  readonly paths: readonly string[];
  /** How many merges are read with their files. */
  readonly mergesRead: number;
}

/** Fields of a repository: a branch's merges whatever happened since, the newest of them in full. */
export function mergeSelections(
  { prefix, index, list, paths, mergesRead }: MergesPart,
  variables: VariableList,
): string {
  const merged = `${list}, states: MERGED`;
  const files = `${prefix}m${index}: pullRequests(${merged}, first: ${mergesRead}) {
      nodes { mergeCommit { ${aroundSelection(variables, paths)} } }
    }`;
  return `${prefix}g${index}: pullRequests(${merged}, first: ${mergesListed}) {
      nodes { number mergedAt baseRefName isCrossRepository author { __typename login } mergeCommit { oid } }
    }
    ${prefix}f${index}: pullRequests(${merged}, first: ${mergedRead}) { nodes { ...PullRequestFacts } }
    ${mergesRead > 0 ? files : ''}`;
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

const mergeList = z.object({
  nodes: z.array(
    z.object({
      number: z.number(),
      mergedAt: z.string().nullish(),
      baseRefName: z.string(),
      isCrossRepository: z.boolean(),
      author: authorShape,
      mergeCommit: z.object({ oid: z.string() }).nullish(),
    }),
  ),
});

const aroundList = z.object({ nodes: z.array(z.object({ mergeCommit: z.unknown() })) }).optional();

type MergesRead = Pick<MergesPart, 'prefix' | 'index' | 'paths'>;

/** A branch's merges, newest first. Merges into another branch promoted nothing here. */
export function readMerges({ prefix, index, paths }: MergesRead, read: RepositoryRead): readonly MergeFacts[] {
  const field = (alias: string): unknown => read.fields.repository[`${prefix}${alias}${index}`];
  const listed = parseAnswer(mergeList, field('g'), 'a list of merged pull requests').nodes;
  const around = parseAnswer(aroundList, field('m'), 'a list of merges')?.nodes ?? [];
  const known = around.flatMap(({ mergeCommit }) => readAround(mergeCommit ?? null, paths) ?? []);
  const arounds = new Map(known.map((merge) => [merge.oid, merge.around]));
  const merges = listed.flatMap((pull) => {
    const commit = pull.mergeCommit?.oid;
    const promoted = isOwn(pull, read.app) && pull.baseRefName === read.branch;
    if (!promoted || commit === undefined || pull.mergedAt == null) return [];
    const mergedAtMs = Date.parse(pull.mergedAt);
    return [{ pullRequest: pull.number, commit, mergedAtMs, around: arounds.get(commit) }];
  });
  return merges.toSorted((a, b) => b.mergedAtMs - a.mergedAtMs);
}

/** The branch's newest merged pull requests, anybody's. */
export function readMerged({ prefix, index }: MergesRead, read: RepositoryRead): readonly PullRequestFacts[] {
  return pullRequestList(read.fields.repository[`${prefix}f${index}`]);
}
