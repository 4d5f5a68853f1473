import type { ConfigRepo } from './config-repo.ts';
import { applicationName } from './many-applications.ts';

/** Every Flux Kustomization of a cluster reports a commit that changed one application. */
export interface Storm {
  readonly kustomizations: number;
  /** Requests until everything is at rest, the pull request included. */
  readonly requests: number;
  /** Milliseconds from the first report to the open pull request and to rest. */
  readonly openedAfterMs: number;
  readonly restAfterMs: number;
  /** The same when the webhook of the push never arrived. */
  readonly requestsWithoutPush: number;
  /** Once for every Kustomization, when it reports for the first time. */
  readonly firstReports: number;
}

/** Reports under way at the same time, as a notification controller sends them. */
const atOnce = 20;

export async function storm(repo: ConfigRepo): Promise<Storm> {
  const firstReports = await repo.cost(() => firstReport(repo));
  // In the middle of the crowd.
  const application = applicationName(Math.floor(repo.applications / 2));
  const { revision, version } = await repo.build(application);
  const mark = repo.github.mark();
  const startedAtMs = Date.now();
  await everyKustomization(repo, revision);
  const restAfterMs = Date.now() - startedAtMs;
  const requests = repo.github.countSince(mark);
  const pull = repo.opened({ application, place: 'staging' }, version);
  repo.github.loseDeliveries(1, 'push');
  const lost = await repo.build(applicationName(Math.floor(repo.applications / 2) - 1));
  const requestsWithoutPush = await repo.cost(() => everyKustomization(repo, lost.revision));
  return {
    kustomizations: repo.applications,
    requests,
    openedAfterMs: pull.createdAtMs - startedAtMs,
    restAfterMs,
    requestsWithoutPush,
    firstReports,
  };
}

/** Waits for rest after each so many of the first reports: every one of them is looked at, and a wait ends after half a minute. */
const firstReportsAtOnce = 200;

async function firstReport(repo: ConfigRepo): Promise<void> {
  const { head, applications } = repo;
  for (let from = 0; from < applications; from += firstReportsAtOnce) {
    await reportFrom(repo, { from, to: Math.min(from + firstReportsAtOnce, applications), revision: head });
  }
}

function everyKustomization(repo: ConfigRepo, revision: string): Promise<void> {
  return reportFrom(repo, { from: 0, to: repo.applications, revision });
}

interface Part {
  readonly from: number;
  /** The first that is not meant. */
  readonly to: number;
  readonly revision: string;
}

async function reportFrom(repo: ConfigRepo, { from, to, revision }: Part): Promise<void> {
  let next = from;
  const line = async () => {
    while (next < to) {
      const application = applicationName(next);
      next += 1;
      await repo.send('flux', { application, environment: 'dev', revision });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  await repo.world.settled();
}
