import { z } from 'zod';
import { fullName, type Repo } from '../domain/repo.ts';
import { type Report, sourceNames } from '../domain/report.ts';
import type { Delivery } from '../ports/store.ts';
import { sourceForEvent, syncSources } from '../sources/index.ts';
import type { Received, SyncSource } from '../sources/source.ts';
import type { LoopContext } from './context.ts';
import { type Happened, ownEvents, projectOwnEvent, readEvent } from './events.ts';
import { takeDecisions, takePullRequest, takePush, takeReport } from './intake.ts';
import { repoNamed } from './repo-named.ts';
import { sweepRepos } from './sweep.ts';

/** What the projection of a GitHub event that reports syncs says of its repo. */
const about = z.object({
  repository: z.object({
    id: z.number(),
    name: z.string(),
    full_name: z.string(),
    owner: z.object({ login: z.string() }),
  }),
  installation: z.object({ id: z.number() }),
});

/** Understands an event of GitHub and records what it says. Throws `HostError`: then it is delivered again. */
export async function takeGithubEvent(event: string, payload: unknown, context: LoopContext): Promise<void> {
  if (ownEvents.includes(event)) return happened(readEvent(event, payload), context);
  const source = sourceForEvent(event);
  const kept = about.safeParse(payload);
  if (source === undefined || !kept.success) return;
  const { repository, installation } = kept.data;
  const repo = {
    installationId: installation.id,
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
  };
  await remember(repo, context);
  const received = {
    payload,
    repository: repository.full_name,
    instance: undefined,
    receivedAtMs: context.clock.now(),
  };
  for (const report of reportsIn(source, received, context)) await takeReport(repo, report, context);
}

async function happened(what: Happened, context: LoopContext): Promise<void> {
  switch (what.kind) {
    case 'pushed':
      await remember(what.repo, context);
      return takePush(what.repo, what.pushed, context);
    case 'decisions':
      await remember(what.repo, context);
      return takeDecisions(what.repo, what.paths, context);
    case 'pull-request':
      await remember(what.repo, context);
      return takePullRequest(what.repo, what.event, context);
    case 'repos':
      await welcome(what.added, context);
      for (const id of what.removed) await forget(id, context);
      return;
    case 'nothing':
      return;
  }
}

/** Nothing of a repo is kept that the App may no longer see, so that reports about it cost no request. */
async function forget(repoId: number, { store, host, configs }: LoopContext): Promise<void> {
  const repo = await store.repos.byId(repoId);
  if (repo === undefined) return;
  host.forget(repo);
  configs.forget(repo);
  await store.repos.remove(repoId);
}

async function remember(repo: Repo, { store }: LoopContext): Promise<void> {
  const known = await store.repos.byId(repo.id);
  const same =
    known !== undefined && fullName(known) === fullName(repo) && known.installationId === repo.installationId;
  if (!same) await store.repos.put(repo);
}

/** Repos that are new to us are looked at right away: their configuration may be there already. */
async function welcome(repos: readonly Repo[], context: LoopContext): Promise<void> {
  for (const repo of repos) await remember(repo, context);
  await sweepRepos(repos, context);
}

/** Understands a report that came straight from a controller. The repo is the one the report names. */
export async function takeDirectReport(delivery: Delivery, context: LoopContext): Promise<void> {
  const source = delivery.origin === 'flux' ? syncSources.flux : syncSources.argocd;
  const { payload, instance, receivedAtMs } = delivery;
  for (const report of reportsIn(source, { payload, repository: undefined, instance, receivedAtMs }, context)) {
    const repo = await repoOf(report, context);
    if (repo === undefined) {
      context.log.warn(
        { repository: report.repository, subject: report.subject },
        'A report names a repo that Pawl is not installed on.',
      );
      continue;
    }
    await takeReport(repo, report, context);
  }
}

function reportsIn(source: SyncSource, received: Received, { log }: LoopContext): readonly Report[] {
  const understood = source.parse(received);
  if ('reports' in understood) return understood.reports;
  const reason = 'ignored' in understood ? understood.ignored : understood.reason;
  log.info({ source: source.name, repository: received.repository, reason }, 'A report was ignored.');
  return [];
}

/** `host/owner/name` must be on our GitHub; `owner/name` is. */
async function repoOf(report: Report, context: LoopContext): Promise<Repo | undefined> {
  const parts = report.repository.split('/');
  if (parts.length === 3 && parts[0] !== context.webHost) return undefined;
  return repoNamed(parts.slice(-2).join('/'), context);
}

/** What the inbox keeps of an event of GitHub; undefined for one that nobody understands, or that means nothing. */
export function projectEvent(event: string, payload: object): object | undefined {
  if (ownEvents.includes(event)) return projectOwnEvent(event, payload);
  const source = sourceForEvent(event);
  const kept = about.safeParse(payload);
  if (source === undefined || !kept.success) return undefined;
  const received = { payload, repository: kept.data.repository.full_name, instance: undefined, receivedAtMs: 0 };
  return 'reports' in source.parse(received) ? source.project(payload) : undefined;
}

/** What a direct report is answered: malformed ones are the sender's mistake, ignored ones are fine and not kept. */
export function checkDirectReport({ origin, ...sent }: DirectReport): DirectVerdict {
  const understood = syncSources[origin].parse({ ...sent, repository: undefined });
  if ('malformed' in understood) {
    return { status: understood.malformed === 'instance' ? 403 : 400, message: understood.reason };
  }
  if ('ignored' in understood) return { status: 202, ignored: understood.ignored };
  return { status: 202, kept: syncSources[origin].project(sent.payload) };
}

interface DirectReport extends Omit<Received, 'repository'> {
  readonly origin: 'argocd' | 'flux';
}

type DirectVerdict =
  | { readonly status: 400 | 403; readonly message: string }
  | { readonly status: 202; readonly ignored: string }
  | { readonly status: 202; readonly kept: object };

/** Every event of GitHub that is understood: the App subscribes to these and to no others. */
export const understoodEvents: readonly string[] = [
  ...ownEvents,
  ...sourceNames.flatMap((name) => syncSources[name].event ?? []),
];
