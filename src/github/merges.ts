import { z } from 'zod';
import type { MergedPromotion } from '../domain/lane-history.ts';
import type { Repo } from '../domain/repo.ts';
import type { LaneQuery } from '../ports/git-host.ts';
import { recall, remember } from './commit-files.ts';
import { parseAnswer } from './errors.ts';
import { entryFacts } from './files.ts';
import { type Around, aroundSelection, type MergeFacts, readAround } from './lane-merges.ts';
import { branchesOf, type LaneFacts } from './lane-reads.ts';
import type { GitHubContext } from './memory.ts';
import { documentFilesMax, mergesMax, settledKey } from './observe-parts.ts';
import { readRepository } from './repository.ts';
import { variableList } from './variables.ts';

/** A lane as asked and as read. */
interface LaneFound {
  readonly query: LaneQuery;
  readonly facts: LaneFacts;
}

/** One merge of one lane whose files are wanted. */
interface Wanted {
  readonly commit: string;
  readonly paths: readonly string[];
}

/**
 * For each lane the files around its newest merges. They never change, so most come from memory or from the observation; what
 * neither has is read with further requests, as many as files need.
 */
export async function mergedReads(
  context: GitHubContext,
  repo: Repo,
  lanes: readonly LaneFound[],
): Promise<readonly (readonly MergedPromotion[])[]> {
  const newest = lanes.map(({ query, facts }) => ({
    query,
    merges: query.paths.length === 0 ? [] : facts.merges.slice(0, mergesMax),
  }));
  const found = new Map<string, Around>();
  const missing: Wanted[] = [];
  for (const { query, merges } of newest) {
    for (const merge of merges) {
      const wanted = { commit: merge.commit, paths: query.paths };
      const around = merge.around ?? recallAround(context, repo, wanted);
      if (around === undefined) missing.push(wanted);
      else found.set(keyOf(wanted), around);
    }
  }
  for (const batch of batches(missing)) {
    for (const [wanted, around] of await readBatch(context, repo, batch)) found.set(keyOf(wanted), around);
  }
  return newest.map(({ query, merges }) => {
    context.memory.settled.set(settledKey(repo, branchesOf(query)[0]), true, 1);
    return merges.flatMap((merge) => mergedRead(context, repo, { merge, query, found }));
  });
}

function keyOf({ commit, paths }: Wanted): string {
  return JSON.stringify([commit, ...paths]);
}

function recallAround({ memory }: GitHubContext, repo: Repo, { commit, paths }: Wanted): Around | undefined {
  const parent = memory.parents.get(`${repo.id} ${commit}`);
  if (parent === undefined) return undefined;
  const wanted = { paths, folders: [] };
  const after = recall(memory, { repo, commit }, wanted);
  const before = recall(memory, { repo, commit: parent }, wanted);
  if (after.missing.paths.length + before.missing.paths.length > 0) return undefined;
  return { files: after.known.files, parent, before: before.known.files };
}

interface Merge {
  readonly merge: MergeFacts;
  readonly query: LaneQuery;
  readonly found: ReadonlyMap<string, Around>;
}

/** Nothing for a merge whose commit is no longer there: the default branch was rewritten. */
function mergedRead({ memory }: GitHubContext, repo: Repo, { merge, query, found }: Merge): readonly MergedPromotion[] {
  const { commit, pullRequest, mergedAtMs } = merge;
  const around = found.get(keyOf({ commit, paths: query.paths }));
  if (around === undefined) return [];
  memory.parents.set(`${repo.id} ${commit}`, around.parent, 1);
  remember(memory, { repo, commit }, { files: around.files, folders: {} });
  remember(memory, { repo, commit: around.parent }, { files: around.before, folders: {} });
  return [{ pullRequest, mergeCommit: commit, mergedAtMs, files: around.files, before: around.before }];
}

/** Merges that fit in one document each. */
function batches(missing: readonly Wanted[]): readonly (readonly Wanted[])[] {
  const made: Wanted[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const wanted of missing) {
    const files = 2 * wanted.paths.length;
    if (size + files > documentFilesMax) {
      made.push([]);
      size = 0;
    }
    made.at(-1)?.push(wanted);
    size += files;
  }
  return made;
}

async function readBatch(
  context: GitHubContext,
  repo: Repo,
  batch: readonly Wanted[],
): Promise<readonly (readonly [Wanted, Around])[]> {
  const variables = variableList();
  const commits = batch.map(({ commit, paths }, index) => {
    const oid = variables.add('GitObjectID!', commit);
    return `w${index}: object(oid: ${oid}) { ... on Commit { ${aroundSelection(variables, paths)} } }`;
  });
  const selections = { repository: commits.join('\n'), branch: '', head: '', defaultHead: '', fragments: [entryFacts] };
  const read = await readRepository(context, repo, { variables, selections });
  return batch.flatMap((wanted, index) => {
    const merge = readAround(
      parseAnswer(commitShape, read.fields.repository[`w${index}`], 'a merge commit'),
      wanted.paths,
    );
    return merge === undefined ? [] : [[wanted, merge.around] as const];
  });
}

const commitShape = z.unknown().transform((commit) => commit ?? null);
