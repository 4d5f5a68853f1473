import { type Config, feedsRepo, homesOf } from '../config/config.ts';
import { configPath, fullName, type Repo } from '../domain/repo.ts';
import { HostError } from '../ports/git-host.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import { repoNamed } from './repo-named.ts';

/** Another repo as a source of versions: usable, or a sentence that says why not and what to do. */
export type Supplier =
  | { readonly kind: 'usable'; readonly repo: Repo }
  | { readonly kind: 'unavailable'; readonly why: string };

/** The repo of a name that a configuration takes versions from. Throws `HostError` for what may pass. */
export async function supplierNamed(name: string, repo: Repo, context: LoopContext): Promise<Supplier> {
  const other = await repoNamed(name, context);
  if (other === undefined) return unavailable(`The repo ${name} cannot be read: install Pawl on it.`);
  if (other.id === repo.id)
    return unavailable(`The environment's \`repo\` is this very repo: remove the key from ${configPath}.`);
  // Another repo may take over a name that is free again: people have to say which of them they mean.
  if (!sameName(fullName(other), name)) {
    return unavailable(`The repo ${name} is called ${fullName(other)} now: write that in ${configPath} as \`repo\`.`);
  }
  return { kind: 'usable', repo: other };
}

/** Why a repo may not take versions from another one, by that one's configuration; undefined if it may. */
export function refusalToFeed({ verdict }: KnownConfig, supplier: Repo, repo: Repo): string | undefined {
  const [from, to] = [fullName(supplier), fullName(repo)];
  if (!verdict.ok)
    return `The repo ${from} has no valid ${configPath} on its default branch, which has to say \`feeds: [${to}]\`.`;
  return feedsRepo(verdict.config, to)
    ? undefined
    : `The configuration of ${from} does not let this repo take its versions: add ${to} to \`feeds\` in its ${configPath}.`;
}

/** The repos that take versions from this one: each side's configuration names the other. Throws `HostError`. */
export async function consumersOf(repo: Repo, config: Config, context: LoopContext): Promise<readonly Repo[]> {
  const consumers: Repo[] = [];
  for (const name of new Set(config.feeds.map((one) => one.toLowerCase()))) {
    const consumer = await repoNamed(name, context);
    if (consumer === undefined || consumer.id === repo.id || !sameName(fullName(consumer), name)) continue;
    const taking = await configOf(consumer, context);
    if (taking !== undefined && takesFrom(taking, repo)) consumers.push(consumer);
  }
  return consumers;
}

/** The repos whose configuration names this one, as far as memory holds them, whether or not this one lets them. */
export async function takersOf(repo: Repo, { store, configs }: LoopContext): Promise<readonly Repo[]> {
  const repos = await store.repos.all();
  return repos.filter((other) => {
    const verdict = configs.known(other)?.verdict;
    return other.id !== repo.id && verdict?.ok === true && takesFrom(verdict.config, repo);
  });
}

/** The repos this one takes versions from, as far as they allow it. Throws `HostError`. */
export async function suppliersOf(repo: Repo, config: Config, context: LoopContext): Promise<readonly Repo[]> {
  const suppliers: Repo[] = [];
  for (const name of supplierNames(config)) {
    const supplier = await allowedSupplier(name, repo, context);
    if (supplier.kind === 'usable') suppliers.push(supplier.repo);
  }
  return suppliers;
}

/** Other repos that a configuration names as those of environments, each once. */
export function supplierNames(config: Config): readonly string[] {
  const names = homesOf(config).flatMap((home) => home.repo ?? []);
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/** The repo of a name, if its own configuration lets this one take versions from it. Throws `HostError` for what may pass. */
export async function allowedSupplier(name: string, repo: Repo, context: LoopContext): Promise<Supplier> {
  const supplier = await supplierNamed(name, repo, context);
  if (supplier.kind === 'unavailable') return supplier;
  try {
    const why = refusalToFeed(await context.configs.load(supplier.repo), supplier.repo, repo);
    return why === undefined ? supplier : unavailable(why);
  } catch (error) {
    if (!isLasting(error)) throw error;
    return unavailable(`The repo ${name} cannot be read: ${error.message.replace(/\.$/, '')}.`);
  }
}

/** One repo that Pawl may no longer read must not hold back another: it takes and gives nothing. Throws what may pass. */
async function configOf(repo: Repo, context: LoopContext): Promise<Config | undefined> {
  try {
    const { verdict } = await context.configs.load(repo);
    return verdict.ok ? verdict.config : undefined;
  } catch (error) {
    if (isLasting(error)) return undefined;
    throw error;
  }
}

/** Whether trying again soon is of no use: the repo, the branch or a permission is not there. */
export function isLasting(error: unknown): error is HostError {
  return error instanceof HostError && ['gone', 'forbidden', 'refused'].includes(error.kind);
}

function takesFrom(config: Config, repo: Repo): boolean {
  return homesOf(config).some((home) => home.repo !== undefined && sameName(home.repo, fullName(repo)));
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function unavailable(why: string): Supplier {
  return { kind: 'unavailable', why };
}
