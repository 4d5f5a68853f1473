import { type Config, type Home, homesOf } from '../config/config.ts';
import { applicationsIn } from '../config/lanes.ts';
import type { Repo } from '../domain/repo.ts';
import type { Tree } from '../ports/git-host.ts';
import type { LoopContext } from './context.ts';

/** The tree of one branch of the repo that environments have their files on. */
export interface HomeTree {
  readonly home: Home;
  readonly tree: Tree;
}

/**
 * The trees of all such branches, the default one first: from memory, or by one request each, and one more to learn the heads
 * of the others. A branch that is not there is left out. Throws `HostError`.
 */
export async function ownTrees(repo: Repo, config: Config, context: LoopContext): Promise<readonly HomeTree[]> {
  const { head } = await context.configs.load(repo);
  const homes = homesOf(config).filter((home) => home.repo === undefined);
  const branches = homes.flatMap(({ branch }) => branch ?? []);
  const heads = branches.length === 0 ? {} : (await context.host.sweep(repo, branches)).heads;
  const trees: HomeTree[] = [];
  for (const home of homes) {
    const revision = home.branch === undefined ? head : heads[home.branch];
    if (revision !== undefined) trees.push({ home, tree: await context.trees.at(repo, revision) });
  }
  return trees;
}

/** Names of the applications whose files those trees hold, each once and sorted. */
export function applicationsAmong(trees: readonly HomeTree[], config: Config): readonly string[] {
  return [...new Set(trees.flatMap(({ home, tree }) => applicationsIn(config, tree.oids.keys(), home)))].sort();
}
