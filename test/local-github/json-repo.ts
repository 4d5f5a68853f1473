import type { AccessLevel, Account } from './accounts.ts';
import type { Repo } from './repos.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

export function isoTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

export function isoTimeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoTime(ms);
}

/** Address of a page of an account: a Bot's is its App's. */
export function accountPage(world: World, account: Account): string {
  const { url } = world.links;
  return account.type === 'Bot' ? `${url}/apps/${account.login.replace('[bot]', '')}` : `${url}/${account.login}`;
}

/** REST's user object. A Bot's login keeps its `[bot]` here, in links it is percent-encoded. */
export function userJson(world: World, account: Account): Json {
  const url = `${world.links.url}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `${world.links.url}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: accountPage(world, account),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** Addresses of REST resources of a repo: the field's name to the rest of the path. */
const repositoryLinks: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

export function repositoryUrl(world: World, repo: Repo): string {
  return `${world.links.url}/repos/${repo.fullName}`;
}

export function repositoryPage(world: World, repo: Repo): string {
  return `${world.links.url}/${repo.fullName}`;
}

/** REST's short form of a repo. */
export function minimalRepositoryJson(world: World, repo: Repo): Json {
  const url = repositoryUrl(world, repo);
  return {
    id: repo.id,
    node_id: repo.nodeId,
    name: repo.name,
    full_name: repo.fullName,
    private: repo.private,
    owner: userJson(world, repo.owner),
    html_url: repositoryPage(world, repo),
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(repositoryLinks).map(([name, rest]) => [name, `${url}${rest}`])),
  };
}

/** REST's repo object as webhooks and lists carry it. Pages of repos are on this server too. */
export function repositoryJson(world: World, repo: Repo): Json {
  const page = repositoryPage(world, repo);
  const open = [...repo.pulls.values()].filter((pull) => pull.state === 'OPEN').length;
  return {
    ...minimalRepositoryJson(world, repo),
    clone_url: `${page}.git`,
    git_url: `git:${page.replace(/^https?:/, '')}.git`,
    ssh_url: `git@localhost:${repo.fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repo.defaultBranch,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: open,
    open_issues_count: open,
    size: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: repo.archived,
    disabled: false,
    visibility: repo.private ? 'private' : 'public',
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    custom_properties: {},
    pushed_at: isoTime(repo.pushedAtMs),
    created_at: isoTime(repo.createdAtMs),
    updated_at: isoTime(repo.createdAtMs),
  };
}

export function fullRepositoryJson(world: World, repo: Repo): Json {
  return {
    ...repositoryJson(world, repo),
    network_count: 0,
    subscribers_count: 0,
    allow_auto_merge: false,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_squash_merge: true,
    delete_branch_on_merge: false,
    organization: userJson(world, repo.owner),
  };
}

/** The five old-style rights of a collaborator, from the role. */
export function rightsJson(level: AccessLevel | 'triage' | 'maintain' | 'none'): Json {
  const rank = ['none', 'read', 'triage', 'write', 'maintain', 'admin'].indexOf(level);
  return { pull: rank >= 1, triage: rank >= 2, push: rank >= 3, maintain: rank >= 4, admin: rank >= 5 };
}
