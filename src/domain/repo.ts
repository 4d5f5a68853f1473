/** One config repo as an installation of the App sees it. `id` is GitHub's number and survives renames; names do not. */
export interface Repo {
  readonly installationId: number;
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`, as GitHub spells it. */
export function fullName(repo: Pick<Repo, 'owner' | 'name'>): string {
  return `${repo.owner}/${repo.name}`;
}

/** Where the configuration of a config repo is, on its default branch. */
export const configPath = '.github/pawl.yaml';
