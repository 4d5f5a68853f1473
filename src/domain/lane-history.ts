import type { Files } from './file-state.ts';

/** The lane's files around one merge of a promotion pull request. */
export interface MergedPromotion {
  readonly pullRequest: number;
  readonly mergeCommit: string;
  readonly mergedAtMs: number;
  /** Right after the merge. */
  readonly files: Files;
  /** Right before it, at the merge commit's first parent: what the lane ran until then. */
  readonly before: Files;
}

/** The last commit of the default branch that touched a file. */
export interface FileChange {
  readonly commit: string;
  readonly author: string;
  readonly atMs: number;
  readonly headline: string;
}
