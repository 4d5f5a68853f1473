import type { Repo } from '../domain/repo.ts';
import type { LoopContext } from './context.ts';

/**
 * The repo of a name (`owner/name`) that Pawl is installed on, if there is one: from the store, or by asking once. It has another
 * name by now if it was renamed. Throws `HostError`.
 */
export async function repoNamed(name: string, { store, host }: LoopContext): Promise<Repo | undefined> {
  const known = await store.repos.byName(name.toLowerCase());
  if (known !== undefined) return known;
  const found = await host.findRepo(name);
  if (found === undefined) return undefined;
  // Under an old name a repo is found each time: only what is new is written down.
  const before = await store.repos.byId(found.id);
  if (before?.installationId === found.installationId) return before;
  await store.repos.put(found);
  return found;
}
