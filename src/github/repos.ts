import { z } from 'zod';
import type { Repo } from '../domain/repo.ts';
import { HostError } from '../ports/git-host.ts';
import { parseAnswer } from './errors.ts';
import type { GitHubContext } from './memory.ts';
import type { PawlOctokit } from './octokit.ts';

/** GitHub's largest page. */
const perPage = 100;

/** Pages of a list: 10,000 installations, or as many repos of one. */
const pagesMax = 100;

/** How long a name that nobody installed the App on is not asked for again: reports may name it by the second. */
const notFoundKeptMs = 60_000;

const installationShape = z.object({ id: z.number(), suspended_at: z.string().nullish() });
const repoShape = z.object({ id: z.number(), name: z.string(), owner: z.object({ login: z.string() }) });
const namePattern = /^([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)$/;

/**
 * The repo by `owner/name`, from memory or by 2 requests: which installation sees it, and its number. Undefined when there is
 * none. A name found once is kept; what is done with the repo notices when the name has come to mean another one.
 */
export async function findRepo(context: GitHubContext, fullName: string): Promise<Repo | undefined> {
  const { memory, clock } = context;
  const key = fullName.toLowerCase();
  const before = memory.found.get(key);
  const usable = before?.repo !== undefined || clock.now() - (before?.atMs ?? 0) < notFoundKeptMs;
  if (before !== undefined && usable) return before.repo;
  const repo = await lookUp(context, fullName);
  memory.found.set(key, { repo, atMs: clock.now() }, 1);
  return repo;
}

async function lookUp({ client }: GitHubContext, fullName: string): Promise<Repo | undefined> {
  const [, owner, repo] = namePattern.exec(fullName) ?? [];
  if (owner === undefined || repo === undefined) return undefined;
  try {
    const found = await client.rest('app', 'read', (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/installation', { owner, repo }),
    );
    const installation = parseAnswer(installationShape, found.data, 'a search for an installation');
    if (installation.suspended_at != null) return undefined;
    const { data } = await client.rest(installation.id, 'read', (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}', { owner, repo }),
    );
    return repoOf(installation.id, parseAnswer(repoShape, data, 'a search for a repo'));
  } catch (error) {
    if (error instanceof HostError && error.kind === 'gone') return undefined;
    throw error;
  }
}

function repoOf(installationId: number, { id, name, owner }: z.infer<typeof repoShape>): Repo {
  return { installationId, id, owner: owner.login, name };
}

/** Forgets where a repo was found and what it was called. */
export function forget({ memory }: GitHubContext, repo: Repo): void {
  memory.found.delete(keyOf(repo));
  memory.ids.delete(String(repo.id));
}

function keyOf({ owner, name }: Pick<Repo, 'owner' | 'name'>): string {
  return `${owner}/${name}`.toLowerCase();
}

/** Every repo of every installation (1 request for each hundred installations, 1 for each hundred repos of one). */
export async function listRepos(context: GitHubContext): Promise<readonly Repo[]> {
  const repos: Repo[] = [];
  for (const installation of await listInstallations(context)) {
    if (installation.suspended_at == null) repos.push(...(await listInstallationRepos(context, installation.id)));
  }
  for (const repo of repos) {
    context.memory.found.set(keyOf(repo), { repo, atMs: context.clock.now() }, 1);
  }
  return repos;
}

function listInstallations(context: GitHubContext): Promise<readonly z.infer<typeof installationShape>[]> {
  const shape = z.array(installationShape);
  return readPages(async (page) => {
    const send = (octokit: PawlOctokit) => octokit.request('GET /app/installations', { per_page: perPage, page });
    const { data } = await context.client.rest('app', 'read', send);
    return parseAnswer(shape, data, 'the list of installations');
  });
}

/** None for an installation that was taken away while the list was read: the others are still worth having. */
async function listInstallationRepos(context: GitHubContext, installationId: number): Promise<readonly Repo[]> {
  const shape = z.object({ repositories: z.array(repoShape) });
  try {
    const repos = await readPages(async (page) => {
      const send = (octokit: PawlOctokit) =>
        octokit.request('GET /installation/repositories', { per_page: perPage, page });
      const { data } = await context.client.rest(installationId, 'read', send);
      return parseAnswer(shape, data, 'the list of repos').repositories;
    });
    return repos.map((repo) => repoOf(installationId, repo));
  } catch (error) {
    if (!(error instanceof HostError) || (error.kind !== 'gone' && error.kind !== 'forbidden')) throw error;
    context.log.warn({ installationId, why: error.message }, 'The repos of one installation cannot be listed.');
    return [];
  }
}

async function readPages<Item>(readPage: (page: number) => Promise<readonly Item[]>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let page = 1; page <= pagesMax; page += 1) {
    const read = await readPage(page);
    items.push(...read);
    if (read.length < perPage) break;
  }
  return items;
}
