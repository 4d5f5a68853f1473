import { type Config, type Home, homeKey } from '../config/config.ts';
import { configPath, fullName, type Repo } from '../domain/repo.ts';
import { HostError, type Observation, type ObserveQuery } from '../ports/git-host.ts';
import type { LoopContext } from './context.ts';
import { repoNamed } from './repo-named.ts';

/** What one look at a home gave, or why it cannot be read: a sentence. */
export type HomeSeen =
  | { readonly kind: 'seen'; readonly observation: Observation }
  | { readonly kind: 'unavailable'; readonly why: string };

/** By `homeKey`. */
export type HomesSeen = ReadonlyMap<string | undefined, HomeSeen>;

export interface HomeQuery {
  readonly home: Home;
  readonly query: ObserveQuery;
}

/**
 * Looks at several homes at the same time (1 request for each, and more the first time another repo is looked at). A branch or
 * another repo that cannot be read stops the lanes that need it, and no others. Throws `HostError` for everything that may pass.
 */
export async function observeHomes(
  repo: Repo,
  queries: readonly HomeQuery[],
  context: LoopContext,
): Promise<HomesSeen> {
  const seen = queries.map(async ({ home, query }) => {
    const reading =
      home.repo === undefined ? observeOwn(repo, query, context) : observeOther(repo, { home, query }, context);
    return [homeKey(home), await reading] as const;
  });
  return new Map(await Promise.all(seen));
}

async function observeOwn(repo: Repo, query: ObserveQuery, context: LoopContext): Promise<HomeSeen> {
  const reading = context.host.observe(repo, query);
  if (query.branch === undefined) return { kind: 'seen', observation: await reading };
  return unlessRefused(reading, (reason) => `The branch ${query.branch} cannot be read: ${reason}.`);
}

/** Another repo is read only if its own configuration lets this one take versions from it. */
async function observeOther(repo: Repo, { home, query }: HomeQuery, context: LoopContext): Promise<HomeSeen> {
  const name = home.repo ?? '';
  const other = await repoNamed(name, context);
  if (other === undefined) return unavailable(`The repo ${name} cannot be read: install Pawl on it.`);
  const seen = await unlessRefused(
    context.host.observe(other, query),
    (reason) => `The repo ${name} cannot be read: ${reason}.`,
  );
  if (seen.kind === 'unavailable') return seen;
  const { verdict } = await context.configs.learn(other, seen.observation.defaultHead, seen.observation.config);
  if (!verdict.ok)
    return unavailable(`The repo ${name} has no valid ${configPath}, which has to say \`feeds: [${fullName(repo)}]\`.`);
  return mayFeed(verdict.config, repo)
    ? seen
    : unavailable(
        `The configuration of ${name} does not let this repo take its versions: add ${fullName(repo)} to its \`feeds\`.`,
      );
}

/** Whether a configuration lets a repo take versions from its own. */
export function mayFeed({ feeds }: Config, repo: Repo): boolean {
  return feeds.some((name) => name.toLowerCase() === fullName(repo).toLowerCase());
}

async function unlessRefused(reading: Promise<Observation>, say: (reason: string) => string): Promise<HomeSeen> {
  try {
    return { kind: 'seen', observation: await reading };
  } catch (error) {
    const lasting = error instanceof HostError && ['gone', 'forbidden', 'refused'].includes(error.kind);
    if (!lasting) throw error;
    return unavailable(say(error.message.replace(/\.$/, '')));
  }
}

function unavailable(why: string): HomeSeen {
  return { kind: 'unavailable', why };
}
