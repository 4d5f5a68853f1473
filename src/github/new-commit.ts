import { z } from 'zod';
import type { Repo } from '../domain/repo.ts';
import type { FileWrites } from '../ports/git-host.ts';
import { parseAnswer } from './errors.ts';
import type { GitHubContext } from './memory.ts';

const objectShape = z.object({ sha: z.string() });
const commitShape = z.object({ tree: z.object({ sha: z.string() }) });

export interface NewCommit {
  /** The commit it stands on; undefined for one without history. */
  readonly parent: string | undefined;
  readonly files: FileWrites;
  readonly message: string;
}

/**
 * A commit that no branch holds yet (2 requests, 3 when the parent's tree is not known). It names no author: then GitHub signs it
 * as the App's own. Until a ref points at it, nobody can see it.
 */
export async function newCommit(context: GitHubContext, repo: Repo, commit: NewCommit): Promise<string> {
  const place = { owner: repo.owner, repo: repo.name };
  const baseTree = commit.parent === undefined ? undefined : await treeOf(context, repo, commit.parent);
  const entries = Object.entries(commit.files).map(([path, content]) => {
    const entry = { path, mode: '100644' as const, type: 'blob' as const };
    return content === undefined ? { ...entry, sha: null } : { ...entry, content };
  });
  const tree = await context.client.rest(repo.installationId, 'write', (octokit) =>
    octokit.request('POST /repos/{owner}/{repo}/git/trees', {
      ...place,
      tree: entries,
      ...(baseTree === undefined ? {} : { base_tree: baseTree }),
    }),
  );
  const { sha } = parseAnswer(objectShape, tree.data, 'a new tree');
  const parents = commit.parent === undefined ? [] : [commit.parent];
  const made = await context.client.rest(repo.installationId, 'write', (octokit) =>
    octokit.request('POST /repos/{owner}/{repo}/git/commits', {
      ...place,
      message: commit.message,
      tree: sha,
      parents,
    }),
  );
  return parseAnswer(objectShape, made.data, 'a new commit').sha;
}

async function treeOf({ client, memory }: GitHubContext, repo: Repo, commit: string): Promise<string> {
  const known = memory.rootTrees.get(`${repo.id} ${commit}`);
  if (known !== undefined) return known;
  const { data } = await client.rest(repo.installationId, 'read', (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      owner: repo.owner,
      repo: repo.name,
      commit_sha: commit,
    }),
  );
  return parseAnswer(commitShape, data, 'a read of a commit').tree.sha;
}
