import type { Repo } from '../domain/repo.ts';
import type { LoopContext } from './context.ts';

/** The repo of a name (`owner/name`) that Pawl is installed on, if there is one: from the store, or by asking once. Throws `HostError`. */
export async function repoNamed(name: string, { store, host }: LoopContext): Promise<Repo | undefined> {
  const known = await store.repos.byName(name.toLowerCase());
  if (known !== undefined) return known;
  const found = await host.findRepo(name);
  if (found !== undefined) await store.repos.put(found);
  return found;
}
