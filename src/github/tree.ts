import { z } from 'zod';
import type { Repo } from '../domain/repo.ts';
import type { Tree } from '../ports/git-host.ts';
import { parseAnswer } from './errors.ts';
import type { GitHubContext } from './memory.ts';

const shape = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), sha: z.string(), type: z.string().optional() })),
});

/**
 * Every file of the repo at a revision (1 request). GitHub lists up to 100,000 paths or 7 MB and says when it cut the list.
 * A revision the repo does not have is `gone`, as a repo that is not there.
 */
export async function readTree({ client }: GitHubContext, repo: Repo, revision: string): Promise<Tree> {
  const { data } = await client.rest(repo.installationId, 'read', (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      owner: repo.owner,
      repo: repo.name,
      tree_sha: revision,
      recursive: '1',
    }),
  );
  const { truncated, tree } = parseAnswer(shape, data, 'a read of a tree');
  return {
    revision,
    oids: new Map(tree.flatMap(({ path, sha, type }) => (type === 'tree' ? [] : [[path, sha]]))),
    complete: !truncated,
  };
}
