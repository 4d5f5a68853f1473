import type { Repo } from '../domain/repo.ts';
import { HostError } from '../ports/git-host.ts';
import type { GitHubContext, RepoIds } from './memory.ts';
import { readRepository } from './repository.ts';
import { variableList } from './variables.ts';

/** GitHub's ids of a repo: known from the look that led here, or read (1 request). */
export async function idsOf(context: GitHubContext, repo: Repo): Promise<RepoIds> {
  const known = context.memory.ids.get(String(repo.id));
  if (known !== undefined) return known;
  const selections = { repository: '', branch: '', head: '', defaultHead: '', fragments: [] };
  await readRepository(context, repo, { variables: variableList(), selections });
  const read = context.memory.ids.get(String(repo.id));
  if (read === undefined) throw new HostError('unreachable', 'GitHub did not name its ids of the repo');
  return read;
}
