import { z } from 'zod';
import { configPath, type Repo } from '../domain/repo.ts';
import type { ConfigRead, SweepRead } from '../ports/git-host.ts';
import { fileAt } from './commit-files.ts';
import { parseAnswer } from './errors.ts';
import { entryFacts } from './files.ts';
import type { GitHubContext } from './memory.ts';
import { closedPromotions, closedSelection, openPromotions, openSelection } from './open-promotions.ts';
import { type RepositoryRead, readRepository } from './repository.ts';
import { variableList } from './variables.ts';

/** Reads the configuration as field `config` of the head commit; needs the fragment `EntryFacts`. */
export const configSelection = `config: file(path: "${configPath}") { ...EntryFacts }`;

/** Closed promotions that are looked at again, the newest: more do not close between two sweeps. */
const closedMax = 50;

export function configOf(read: RepositoryRead): ConfigRead {
  return {
    head: read.defaultHead,
    defaultBranch: read.defaultBranch,
    config: fileAt(read.fields.defaultHead['config']),
  };
}

/** The configuration at the head of the default branch (1 request). */
export async function readConfig(context: GitHubContext, repo: Repo): Promise<ConfigRead> {
  const selections = { repository: '', branch: '', head: '', defaultHead: configSelection, fragments: [entryFacts] };
  return configOf(await readRepository(context, repo, { variables: variableList(), selections }));
}

/** The configuration, every open promotion and those closed lately, whatever else the repo holds (1 request, more where very much is open). */
export async function sweep(context: GitHubContext, repo: Repo, branches: readonly string[] = []): Promise<SweepRead> {
  const variables = variableList();
  const heads = branches.map((branch, index) => {
    return `head${index}: ref(qualifiedName: ${variables.add('String!', `refs/heads/${branch}`)}) { target { oid } }`;
  });
  const repository = [openSelection(context.memory, repo), closedSelection, ...heads].join('\n');
  const selections = { repository, branch: '', head: '', defaultHead: configSelection, fragments: [entryFacts] };
  const read = await readRepository(context, repo, { variables, selections });
  const closed = closedPromotions(read).flatMap(({ number, branch, closedAtMs }) =>
    closedAtMs === undefined ? [] : [{ number, branch, closedAtMs }],
  );
  const open = await openPromotions(context, repo, read);
  return {
    ...configOf(read),
    heads: headsOf(branches, read),
    open: open.map(({ closedAtMs: _, ...promotion }) => promotion),
    closed: closed.toSorted((a, b) => b.closedAtMs - a.closedAtMs).slice(0, closedMax),
  };
}

const headShape = z.object({ target: z.object({ oid: z.string() }) }).nullable();

function headsOf(branches: readonly string[], read: RepositoryRead): SweepRead['heads'] {
  const heads = branches.flatMap((branch, index) => {
    const ref = parseAnswer(headShape, read.fields.repository[`head${index}`], 'a look at a branch');
    return ref === null ? [] : [[branch, ref.target.oid] as const];
  });
  return Object.fromEntries(heads);
}
