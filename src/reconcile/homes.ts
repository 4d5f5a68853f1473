import { type Home, homeKey } from '../config/config.ts';
import type { Repo } from '../domain/repo.ts';
import type { Observation, ObserveQuery } from '../ports/git-host.ts';
import type { LoopContext } from './context.ts';
import { isLasting, refusalToFeed, supplierNamed } from './feeds.ts';

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
  const supplier = await supplierNamed(name, repo, context);
  if (supplier.kind === 'unavailable') return supplier;
  const seen = await unlessRefused(
    context.host.observe(supplier.repo, query),
    (reason) => `The repo ${name} cannot be read: ${reason}.`,
  );
  if (seen.kind === 'unavailable') return seen;
  const { defaultHead, config } = seen.observation;
  const known = await context.configs.learn(supplier.repo, defaultHead, config);
  const why = refusalToFeed(known, supplier.repo, repo);
  return why === undefined ? seen : { kind: 'unavailable', why };
}

async function unlessRefused(reading: Promise<Observation>, say: (reason: string) => string): Promise<HomeSeen> {
  try {
    return { kind: 'seen', observation: await reading };
  } catch (error) {
    if (!isLasting(error)) throw error;
    return { kind: 'unavailable', why: say(error.message.replace(/\.$/, '')) };
  }
}
