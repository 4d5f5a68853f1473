import { z } from 'zod';
import { stateBranch } from '../domain/decision.ts';
import { laneBranchPrefix, parseLaneBranch } from '../domain/lane.ts';
import type { Repo } from '../domain/repo.ts';
import type { PullRequestEvent, Pushed } from './intake.ts';

/**
 * What is kept of GitHub's events that report no sync. Each schema is the projection that goes into the inbox: unknown keys are
 * dropped, and a payload without these is none of GitHub's.
 */
const repository = z.object({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  owner: z.object({ login: z.string() }),
});
const installation = z.object({ id: z.number() });
const sender = z.object({ login: z.string(), type: z.string() });

/** GitHub lists at most this many commits in a push; with so many the list may be cut. */
const pushedCommitsMax = 2048;
/** GitHub lists at most this many files for each commit of a push. */
const pushedFilesMax = 3000;
/** Paths kept of one push: beyond that the two trees are compared. */
const pushedPathsMax = 5000;

const pushedCommit = z.object({
  added: z.array(z.string()),
  modified: z.array(z.string()),
  removed: z.array(z.string()),
});

const push = z
  .object({
    ref: z.string(),
    before: z.string(),
    after: z.string(),
    forced: z.boolean().default(false),
    deleted: z.boolean().default(false),
    created: z.boolean().default(false),
    commits: z.array(pushedCommit).default([]),
    repository: repository.extend({ default_branch: z.string() }),
    installation,
    sender,
  })
  .transform(({ commits, ...rest }) => ({
    ...rest,
    paths: rest.forced || rest.created ? undefined : pathsOf(commits),
  }));

const keptPush = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  deleted: z.boolean(),
  paths: z.object({ written: z.array(z.string()), removed: z.array(z.string()) }).optional(),
  repository: repository.extend({ default_branch: z.string() }),
  installation,
  sender,
});

/** The net effect of commits, oldest first: what a later one removes is not written. Undefined for lists that may be cut. */
function pathsOf(commits: readonly z.infer<typeof pushedCommit>[]): Pushed['paths'] {
  if (commits.length >= pushedCommitsMax) return undefined;
  const last = new Map<string, 'written' | 'removed'>();
  for (const { added, modified, removed } of commits) {
    if (Math.max(added.length, modified.length, removed.length) >= pushedFilesMax) return undefined;
    for (const path of [...added, ...modified]) last.set(path, 'written');
    for (const path of removed) last.set(path, 'removed');
  }
  if (last.size > pushedPathsMax) return undefined;
  const paths = (what: string) => [...last].filter(([, kind]) => kind === what).map(([path]) => path);
  return { written: paths('written'), removed: paths('removed') };
}

const pullRequest = z.object({
  action: z.string(),
  pull_request: z.object({
    number: z.number(),
    head: z.object({ ref: z.string() }),
    user: z.object({ login: z.string() }).nullable(),
  }),
  repository,
  installation,
  sender,
});

const installedRepo = z.object({ id: z.number(), name: z.string(), full_name: z.string() });

const installationChange = z.object({
  action: z.string(),
  installation: z.object({ id: z.number(), account: z.object({ login: z.string() }) }),
  repositories: z.array(installedRepo).default([]),
  repositories_added: z.array(installedRepo).default([]),
  repositories_removed: z.array(installedRepo).default([]),
});

const repositoryChange = z.object({ action: z.string(), repository, installation });

const projections: Readonly<Record<string, z.ZodType>> = {
  push,
  pull_request: pullRequest,
  installation: installationChange,
  installation_repositories: installationChange,
  repository: repositoryChange,
};

/** The events the loop itself understands, beside those that report syncs. */
export const ownEvents: readonly string[] = Object.keys(projections);

/** What the inbox keeps of an event; undefined when it is not what the event promises, or means nothing. */
export function projectOwnEvent(event: string, payload: unknown): object | undefined {
  const parsed = Object.hasOwn(projections, event) ? projections[event]?.safeParse(payload) : undefined;
  if (parsed?.success !== true || typeof parsed.data !== 'object' || parsed.data === null) return undefined;
  return readEvent(event, parsed.data).kind === 'nothing' ? undefined : parsed.data;
}

/** What happened, of the events of `ownEvents`. */
export type Happened =
  | { readonly kind: 'pushed'; readonly repo: Repo; readonly pushed: Pushed }
  /** A person pushed to the side branch. Without paths anything there may be another now. */
  | { readonly kind: 'decisions'; readonly repo: Repo; readonly paths: readonly string[] | undefined }
  | { readonly kind: 'pull-request'; readonly repo: Repo; readonly event: PullRequestEvent }
  | { readonly kind: 'repos'; readonly added: readonly Repo[]; readonly removed: readonly number[] }
  | { readonly kind: 'nothing' };

const nothing: Happened = { kind: 'nothing' };

/** Reads a kept event. What the App did itself is an echo and means nothing. */
export function readEvent(event: string, kept: unknown): Happened {
  switch (event) {
    case 'push':
      return readPush(keptPush.parse(kept));
    case 'pull_request':
      return readPullRequest(pullRequest.parse(kept));
    case 'installation':
    case 'installation_repositories':
      return readInstallation(installationChange.parse(kept));
    case 'repository':
      return readRepository(repositoryChange.parse(kept));
    default:
      return nothing;
  }
}

function toRepo({ repository: { id, name, owner }, installation: { id: installationId } }: RepoEvent): Repo {
  return { installationId, id, owner: owner.login, name };
}

interface RepoEvent {
  readonly repository: z.infer<typeof repository>;
  readonly installation: { readonly id: number };
}

function readPush(event: z.infer<typeof keptPush>): Happened {
  const { before, after, paths, sender: by } = event;
  if (event.deleted) return readDeletion(event);
  if (event.ref === `refs/heads/${stateBranch}` && by.type !== 'Bot') {
    return { kind: 'decisions', repo: toRepo(event), paths: paths && [...paths.written, ...paths.removed] };
  }
  const branch = branchOf(event.ref);
  // Our own commits on lanes' branches and on the side branch, and tags, move no environment.
  if (branch === undefined || branch.startsWith(laneBranchPrefix) || branch === stateBranch) return nothing;
  const isDefault = branch === event.repository.default_branch;
  return { kind: 'pushed', repo: toRepo(event), pushed: { branch, isDefault, before, after, paths } };
}

function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

/** A person who deletes a lane's branch may have made room for the next pull request. */
function readDeletion({ ref, sender: by, ...event }: z.infer<typeof keptPush>): Happened {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (by.type === 'Bot' || parseLaneBranch(branch) === undefined) return nothing;
  return { kind: 'pull-request', repo: toRepo(event), event: { branch, cause: `${by.login} deleted ${branch}` } };
}

/** Actions after which a lane may have to be decided anew. Texts and labels are none of them. */
const telling = new Set(['closed', 'reopened', 'synchronize', 'ready_for_review', 'opened']);

function readPullRequest(event: z.infer<typeof pullRequest>): Happened {
  const { action, sender: by, pull_request: changed } = event;
  // What a bot pushes to a lane's branch is our own doing, whoever opened the pull request there.
  const echo = by.type === 'Bot' && (by.login === changed.user?.login || action === 'synchronize');
  if (echo || !telling.has(action)) return nothing;
  const cause = `${by.login}: pull request #${changed.number} ${action}`;
  return { kind: 'pull-request', repo: toRepo(event), event: { branch: changed.head.ref, cause } };
}

function readInstallation(event: z.infer<typeof installationChange>): Happened {
  const { action, installation: of, repositories, repositories_added, repositories_removed } = event;
  const gone = action === 'deleted' || action === 'suspend';
  const repo = ({ id, name, full_name }: z.infer<typeof installedRepo>): Repo => ({
    installationId: of.id,
    id,
    owner: full_name.split('/')[0] ?? of.account.login,
    name,
  });
  const removed = gone ? repositories : repositories_removed;
  const added = gone ? [] : [...repositories, ...repositories_added];
  return { kind: 'repos', added: added.map(repo), removed: removed.map(({ id }) => id) };
}

function readRepository(event: z.infer<typeof repositoryChange>): Happened {
  if (event.action === 'deleted') return { kind: 'repos', added: [], removed: [event.repository.id] };
  return event.action === 'renamed' || event.action === 'transferred' || event.action === 'unarchived'
    ? { kind: 'repos', added: [toRepo(event)], removed: [] }
    : nothing;
}
