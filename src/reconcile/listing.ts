import { type Config, homeKey } from '../config/config.ts';
import type { Listing } from '../config/copies.ts';
import { applicationOf, copiesFiles } from '../config/lanes.ts';
import type { Tree } from '../ports/git-host.ts';
import type { Job, StoredReport } from '../ports/store.ts';
import type { LoopContext } from './context.ts';
import { evidenceFor } from './evidence.ts';
import { isLasting } from './feeds.ts';
import { ownTrees } from './own-trees.ts';
import { repoNamed } from './repo-named.ts';

export interface ListingInput {
  readonly job: Job;
  readonly config: Config;
  readonly reports: readonly StoredReport[];
}

/** A listing, nothing for an application that copies no files, or the reason why there can be none: a sentence. */
export type ListingRead =
  | { readonly ok: true; readonly listing: Listing | undefined }
  | { readonly ok: false; readonly why: string };

/**
 * Every path at the heads and at the reported revisions, for an application that copies whole files: from memory, or by one
 * request for each tree. A list that GitHub cut could make a file look removed, so it counts for nothing. Throws `HostError`.
 */
export async function listingFor({ job, config, reports }: ListingInput, context: LoopContext): Promise<ListingRead> {
  if (!copiesFiles(config, job.application)) return { ok: true, listing: undefined };
  const listing = new Map<string | undefined, Set<string>>();
  const add = (key: string | undefined, { oids, complete }: Tree): boolean => {
    const paths = listing.get(key) ?? new Set<string>();
    for (const path of oids.keys()) paths.add(path);
    listing.set(key, paths);
    return complete;
  };
  let complete = true;
  for (const { home, tree } of await ownTrees(job.repo, config, context))
    complete = add(homeKey(home), tree) && complete;
  for (const { environment, targets } of applicationOf(config, job.application)?.environments ?? []) {
    const repo = environment.repo === undefined ? job.repo : await repoNamed(environment.repo, context);
    for (const { target } of targets) {
      const place = { application: job.application, environment: environment.name, target };
      const revision = evidenceFor(config, reports, place)?.report.revision;
      const tree =
        repo === undefined || revision === undefined
          ? undefined
          : await unlessLasting(context.trees.at(repo, revision));
      if (tree !== undefined) complete = add(homeKey(environment), tree) && complete;
    }
  }
  if (complete) return { ok: true, listing };
  return { ok: false, why: 'The repo has more files than GitHub lists, so no folder of it can be copied for certain.' };
}

/** What cannot be read is said where its lanes are decided, which stops no others. */
async function unlessLasting(reading: Promise<Tree>): Promise<Tree | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isLasting(error)) return undefined;
    throw error;
  }
}
