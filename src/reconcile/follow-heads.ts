import { type Config, homesOf } from '../config/config.ts';
import type { Repo } from '../domain/repo.ts';
import type { SweepRead, Tree } from '../ports/git-host.ts';
import { makeApplicationsDue, makeEverythingDue } from './config-change.ts';
import type { LoopContext } from './context.ts';
import { fingerprintOf, offBranch } from './fingerprint.ts';
import { defaultHomes, makeDue } from './intake.ts';
import { changedPaths, orAbsent } from './trees.ts';

/** What a sweep saw of a repo, and the configuration it goes by. */
export interface Swept {
  readonly read: SweepRead;
  readonly config: Config;
}

/** Name of the fact that remembers the head of the default branch at the last sweep. */
const headFact = 'head';
/** In place of a head: the branch was not there. */
const noHead = 'none';

/** Branches of the repo itself that environments are on, besides the default one. */
export function branchesOf(config: Config): readonly string[] {
  return homesOf(config).flatMap(({ repo, branch }) => (repo === undefined && branch !== undefined ? [branch] : []));
}

/** Makes due what a branch brought that no push told of. Throws `HostError`. */
export async function followHeads(repo: Repo, { read, config }: Swept, context: LoopContext): Promise<void> {
  await followHead({ repo, config, branch: read.defaultBranch, isDefault: true, head: read.head }, context);
  for (const branch of branchesOf(config)) {
    const head = read.heads[branch] ?? noHead;
    if (branch !== read.defaultBranch) await followHead({ repo, config, branch, isDefault: false, head }, context);
  }
}

interface HeadInput {
  readonly repo: Repo;
  readonly branch: string;
  readonly isDefault: boolean;
  readonly head: string;
  readonly config: Config;
}

async function followHead(input: HeadInput, context: LoopContext): Promise<void> {
  const { repo, branch, isDefault, head } = input;
  const fact = isDefault ? headFact : `${headFact} ${branch}`;
  const before = await context.store.repos.fact(repo.id, fact);
  if (before === head) return;
  if (before !== undefined) await compareHeads({ ...input, before }, context);
  await context.store.repos.setFact(repo.id, fact, head);
}

/** A branch that moved is compared with what was there at the last sweep, whatever the pushes in between told. */
async function compareHeads(
  { repo, branch, isDefault, head, before, config }: HeadInput & { readonly before: string },
  context: LoopContext,
): Promise<void> {
  const cause = `the branch ${branch} moved`;
  if (before === noHead || head === noHead) return makeEverythingDue(repo, cause, context);
  const tree = await context.trees.read(repo, head);
  // The head before may be gone for good: pushed over, and forgotten by GitHub.
  const earlier = await orAbsent(context.trees.read(repo, before));
  const homes = isDefault ? defaultHomes(config, branch) : [{ branch, repo: undefined }];
  if (earlier === undefined) await makeEverythingDue(repo, cause, context);
  else await makeDue(repo, { paths: changedPaths(earlier, tree), config, cause, homes }, context);
  await checkFingerprints({ repo, head, config }, tree, context);
}

/** What was taken for unchanged by what a push told is checked against what is really there. */
async function checkFingerprints(
  { repo, head, config }: Pick<HeadInput, 'repo' | 'head' | 'config'>,
  tree: Tree,
  context: LoopContext,
): Promise<void> {
  for (const { report, fingerprint, applications } of await context.store.reports.all(repo.id)) {
    if (report.revision !== head || fingerprint === undefined || fingerprint === offBranch) continue;
    if (fingerprintOf(config, report, tree) === fingerprint) continue;
    await makeApplicationsDue(repo, { applications, cause: 'the sweep found it changed' }, context);
  }
}
