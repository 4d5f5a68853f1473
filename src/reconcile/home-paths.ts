import { type Config, homeKey } from '../config/config.ts';
import type { Repo } from '../domain/repo.ts';
import { type GitHost, HostError } from '../ports/git-host.ts';
import type { Trees } from './trees.ts';

interface Where {
  readonly repo: Repo;
  /** Head of the default branch. */
  readonly head: string;
  readonly config: Config;
}

interface Means {
  readonly host: GitHost;
  readonly trees: Trees;
  /** Whether another repo lets this one read it. */
  readonly feeds: (other: Repo) => Promise<boolean>;
}

/**
 * The paths of every home on which targets are found, by `homeKey`: of the default branch from memory or by one request, of
 * another branch or repo by a few more. A home that is not there, or does not feed this repo, has no paths, and so no targets.
 * Undefined when GitHub cut a list: a target that is not seen would be one that nobody has to prove. Throws `HostError`.
 */
export async function pathsOfHomes(
  { repo, head, config }: Where,
  means: Means,
): Promise<ReadonlyMap<string | undefined, readonly string[]> | undefined> {
  const paths = new Map<string | undefined, readonly string[]>();
  for (const environment of config.environments) {
    const key = homeKey(environment);
    if (environment.found === undefined || paths.has(key)) continue;
    const at = key === undefined ? { repo, revision: head } : await headOf(repo, environment, means);
    const tree = at === undefined ? undefined : await means.trees.at(at.repo, at.revision);
    if (tree?.complete === false) return undefined;
    paths.set(key, [...(tree?.oids.keys() ?? [])]);
  }
  return paths;
}

async function headOf(
  own: Repo,
  { repo: name, branch }: Config['environments'][number],
  { host, feeds }: Means,
): Promise<{ readonly repo: Repo; readonly revision: string } | undefined> {
  const repo = name === undefined ? own : await host.findRepo(name);
  if (repo === undefined) return undefined;
  try {
    if (name !== undefined && !(await feeds(repo))) return undefined;
    const { head, heads } = await host.sweep(repo, branch === undefined ? [] : [branch]);
    const revision = branch === undefined ? head : heads[branch];
    return revision === undefined ? undefined : { repo, revision };
  } catch (error) {
    // Another repo that cannot be read is told where its lanes are decided.
    if (name !== undefined && error instanceof HostError && error.kind === 'gone') return undefined;
    throw error;
  }
}
