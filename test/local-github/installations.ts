import type { Account, App, Installation } from './accounts.ts';
import { installationOf } from './accounts.ts';
import { installationJson } from './json-app.ts';
import { userJson } from './json-repo.ts';
import { nodeId } from './node-id.ts';
import type { Repo } from './repos.ts';
import { misuse } from './rule-error.ts';
import { type Json, pending } from './webhooks.ts';
import { takeId, type World } from './world.ts';

function shortRepo(repo: Repo): Json {
  return { id: repo.id, node_id: repo.nodeId, name: repo.name, full_name: repo.fullName, private: repo.private };
}

function tell(world: World, installation: Installation, event: string, payload: Json): void {
  const full = {
    ...payload,
    installation: installationJson(world, installation),
    sender: userJson(world, [...world.accounts.values()].find((one) => one.type === 'User') ?? installation.account),
  };
  world.webhooks.enqueue([pending(installation, event, full)]);
}

/** Installs an App at an account for some repos, or adds repos to the installation that is there. */
export function installApp(world: World, app: App, owner: Account, repos: readonly Repo[]): Installation {
  const stranger = repos.find((repo) => repo.owner !== owner);
  if (stranger) throw misuse(`${stranger.fullName} does not belong to ${owner.login}.`);
  const known = installationOf(world, app, owner);
  if (known) {
    const added = repos.filter((repo) => !known.repositoryIds.has(repo.id));
    for (const repo of added) known.repositoryIds.add(repo.id);
    if (added.length > 0) tellRepos(world, known, { action: 'added', added, removed: [] });
    return known;
  }
  const id = takeId(world);
  const installation: Installation = {
    id,
    nodeId: nodeId('I', id),
    app,
    account: owner,
    permissions: app.permissions,
    events: app.events,
    repositoryIds: new Set(repos.map((repo) => repo.id)),
    createdAtMs: world.now(),
  };
  world.installations.set(id, installation);
  tell(world, installation, 'installation', { action: 'created', repositories: repos.map(shortRepo), requester: null });
  return installation;
}

interface ReposChange {
  readonly action: 'added' | 'removed';
  readonly added: readonly Repo[];
  readonly removed: readonly Repo[];
}

function tellRepos(world: World, installation: Installation, change: ReposChange): void {
  tell(world, installation, 'installation_repositories', {
    action: change.action,
    repository_selection: 'selected',
    repositories_added: change.added.map(shortRepo),
    repositories_removed: change.removed.map(shortRepo),
    requester: null,
  });
}

/** Takes the App away: its tokens of that account stop working at once. Undefined repos mean the whole installation. */
export function uninstallApp(world: World, app: App, owner: Account, repos: readonly Repo[] | undefined): void {
  const installation = installationOf(world, app, owner);
  if (!installation) throw misuse(`the App ${app.slug} is not installed at ${owner.login}.`);
  if (repos) {
    const removed = repos.filter((repo) => installation.repositoryIds.delete(repo.id));
    tellRepos(world, installation, { action: 'removed', added: [], removed });
    return;
  }
  const had = [...installation.repositoryIds].map((id) => world.repos.get(id)).filter((repo) => repo !== undefined);
  world.installations.delete(installation.id);
  for (const [text, token] of world.tokens) {
    if (token.kind === 'installation' && token.installation === installation) world.tokens.delete(text);
  }
  tell(world, installation, 'installation', { action: 'deleted', repositories: had.map(shortRepo), requester: null });
}
