import type { PullView } from '../local-github/reading.ts';
import type { RequestEntry } from '../local-github/request-log.ts';
import { type ConfigRepo, demand } from './config-repo.ts';
import { applicationName } from './many-applications.ts';
import { median, sequentialRequests, without } from './request-chain.ts';
import { promoteByRest } from './rest-promoter.ts';

/** Latency of every request, milliseconds: none, and about what GitHub takes for a small one. */
export const latenciesMs = [0, 100] as const;

/** From Pawl's answer to a report (or the order to the script) to the open pull request. */
export interface Opening {
  /** Requests one after another until it is open. */
  readonly sequential: number;
  /** Requests until everything is at rest. */
  readonly requests: number;
  /** Milliseconds, the median of several, for each of `latenciesMs`. */
  readonly medianMs: readonly number[];
}

interface Round {
  readonly sequential: number;
  readonly requests: number;
  readonly openedAfterMs: number;
}

interface Sent {
  readonly requests: readonly RequestEntry[];
  readonly sinceMs: number;
  readonly pull: PullView;
}

function roundOf({ requests, sinceMs, pull: { createdAtMs } }: Sent): Round {
  return {
    sequential: sequentialRequests(requests.filter(({ atMs }) => atMs <= createdAtMs)),
    requests: requests.length,
    openedAfterMs: createdAtMs - sinceMs,
  };
}

interface Rounds {
  readonly repo: ConfigRepo;
  /** For each latency. */
  readonly count: number;
  readonly round: (repo: ConfigRepo) => Promise<Round>;
}

/** The worst counts of all rounds, and the median of the times. */
async function measure({ repo, count, round }: Rounds): Promise<Opening> {
  const { settings } = repo.github;
  const [worst, medianMs] = [{ sequential: 0, requests: 0 }, [] as number[]];
  for (const latencyMs of latenciesMs) {
    const rounds: Round[] = [];
    for (let done = 0; done < count; done += 1) {
      settings.latencyMs = latencyMs;
      rounds.push(await round(repo));
      settings.latencyMs = 0;
    }
    medianMs.push(median(rounds.map(({ openedAfterMs }) => openedAfterMs)));
    // Without latency, requests are too short to tell which of them overlap.
    if (latencyMs > 0) worst.sequential = Math.max(...rounds.map(({ sequential }) => sequential));
    worst.requests = Math.max(worst.requests, ...rounds.map(({ requests }) => requests));
  }
  return { ...worst, medianMs };
}

const dev = { application: applicationName(0), environment: 'dev' } as const;
const staging = { application: dev.application, place: 'staging' } as const;

/** A process that has been running: configuration and tree in memory, the token made. */
export function warmOpening(repo: ConfigRepo, count: number): Promise<Opening> {
  return measure({ repo, count, round: warmRound });
}

async function warmRound(repo: ConfigRepo): Promise<Round> {
  const { github } = repo;
  const { revision, version } = await repo.build(dev.application);
  const mark = github.mark();
  const answeredAtMs = await repo.report('argocd', { ...dev, revision });
  const requests = github.requestsSince(mark);
  const pull = repo.opened(staging, version);
  await repo.merge(pull);
  return roundOf({ requests, sinceMs: answeredAtMs, pull });
}

/** A process that was started in the same moment, with its store. */
export function coldOpening(repo: ConfigRepo, count: number): Promise<Opening> {
  return measure({ repo, count, round: coldRound });
}

async function coldRound(repo: ConfigRepo): Promise<Round> {
  const { github, world } = repo;
  const { revision, version } = await repo.build(dev.application);
  const ofStart = await requestsOfStart(repo);
  const mark = github.mark();
  await world.restart({ keepData: true, atOnce: true });
  const answeredAtMs = await repo.report('argocd', { ...dev, revision });
  const all = github.requestsSince(mark);
  const pull = repo.opened(staging, version);
  await repo.merge(pull);
  // The token is asked for once; the promotion waits for it, whoever asked first.
  const requests = without(
    all,
    ofStart.filter(({ path }) => !path.endsWith('/access_tokens')),
  );
  return roundOf({ requests, sinceMs: answeredAtMs, pull });
}

/** What a start asks for by itself, when nothing has happened since the process before it. */
async function requestsOfStart({ world, github }: ConfigRepo) {
  await world.restart();
  const mark = github.mark();
  await world.restart();
  return github.requestsSince(mark);
}

/** The same promotion by a script that uses REST, one call for each file. */
export function restOpening(repo: ConfigRepo, count: number): Promise<Opening> {
  const person = repo.github.person('rest-promoter');
  return measure({ repo, count, round: (at) => restRound(at, person.token) });
}

async function restRound(repo: ConfigRepo, token: string): Promise<Round> {
  const { github, name } = repo;
  const application = applicationName(1);
  const { revision, version } = await repo.build(application);
  const mark = github.mark();
  const startedAtMs = Date.now();
  const number = await promoteByRest({ url: github.url, repo: name, token, application, revision });
  const requests = github.requestsSince(mark);
  const pull = github.pullRequest(name, number);
  const text = github.file(name, pull.head.sha, `apps/${application}/staging/kustomization.yaml`) ?? '';
  demand(text.includes(`"${version}"`), `The script's pull request does not carry ${version}:\n${text}`);
  github.close(name, number);
  github.deleteBranch(name, pull.head.branch);
  await repo.world.settled();
  return roundOf({ requests, sinceMs: startedAtMs, pull });
}

/** What a version costs on its way from dev through staging to both targets of production, until everything says live. */
export async function wholeWay(repo: ConfigRepo): Promise<number> {
  const { application } = dev;
  const { revision, version } = await repo.build(application);
  return repo.cost(async () => {
    await repo.report('argocd', { ...dev, revision });
    const merged = await repo.merge(repo.opened(staging, version));
    await repo.report('argocd', { application, environment: 'staging', revision: merged });
    const last = repo.opened({ application, place: 'production/us' }, version);
    const released = await repo.merge(last);
    for (const target of ['eu', 'us']) {
      await repo.report('flux', { application, environment: 'production', target, revision: released });
    }
    const { body } = repo.github.pullRequest(repo.name, last.number);
    demand(body.includes('**Live in production'), `Pull request #${last.number} does not say that it is live.`);
  });
}
