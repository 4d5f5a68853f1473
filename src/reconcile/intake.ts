import { type Config, type Home, homesOf } from '../config/config.ts';
import { leadsInto, placesOf } from '../config/lanes.ts';
import { applicationsOf, recognise } from '../config/recognise.ts';
import { parseLaneBranch } from '../domain/lane.ts';
import { passedOn } from '../domain/passed-on.ts';
import { configPath, fullName, type Repo } from '../domain/repo.ts';
import type { Report } from '../domain/report.ts';
import type { Tree } from '../ports/git-host.ts';
import type { StoredReport } from '../ports/store.ts';
import { laneOfDecisions } from '../promotion/decisions.ts';
import { applyConfig, makeEverythingDue, namedApplications } from './config-change.ts';
import type { LoopContext } from './context.ts';
import { consumersOf, isLasting } from './feeds.ts';
import { fingerprintOf } from './fingerprint.ts';
import { changedPaths, orAbsent, type PushedChange } from './trees.ts';

/** A push to a branch, as far as the loop needs it. */
export interface Pushed {
  readonly branch: string;
  readonly isDefault: boolean;
  readonly before: string;
  readonly after: string;
  /** What it wrote and removed; undefined when the payload does not list everything (a forced or a very large push). */
  readonly paths: { readonly written: readonly string[]; readonly removed: readonly string[] } | undefined;
}

/**
 * Records a report and makes due what it is about, unless it says nothing new: in its own repo, and in every repo that takes
 * versions from it. Throws `HostError`.
 */
export async function takeReport(repo: Repo, report: Report, context: LoopContext): Promise<void> {
  const [{ verdict }] = await Promise.all([context.configs.load(repo), readAhead(repo, report, context)]);
  await takeFor({ repo, files: repo }, report, context);
  if (!verdict.ok) return;
  for (const consumer of await consumersOf(repo, verdict.config, context)) {
    await passOn(report, { repo: consumer, files: repo }, context);
  }
}

/** A repo that cannot be read must not keep back the reports about the one it takes versions from. */
async function passOn(report: Report, concerned: Concerned, context: LoopContext): Promise<void> {
  try {
    await takeFor(concerned, passedOn(report, fullName(concerned.files)), context);
  } catch (error) {
    if (!isLasting(error)) throw error;
    const facts = { repo: fullName(concerned.repo), from: fullName(concerned.files), reason: error.message };
    context.log.warn(facts, 'A report could not be passed on.');
  }
}

/** The repo that decides, and the one whose files the report is about: most often the same. */
interface Concerned {
  readonly repo: Repo;
  readonly files: Repo;
}

async function takeFor({ repo, files }: Concerned, report: Report, context: LoopContext): Promise<void> {
  const { verdict } = await context.configs.load(repo);
  const applications = verdict.ok ? applicationsOf(verdict.config, report) : [];
  const note = { receivedAtMs: context.clock.now(), applications };
  const recorded = await context.store.reports.record(repo.id, report, note);
  if (!verdict.ok || recorded.kind === 'late') return;
  if (applications.length === 0) {
    const isNews = recorded.before === undefined || recorded.before.applications.length > 0;
    if (isNews) sayUnrecognised(repo, report, context);
    return;
  }
  const news = { repo, files, config: verdict.config, report, before: recorded.before, applications };
  for (const application of await whatChanged(news, context)) {
    const cause = `${report.source} reported ${report.subject}`;
    await context.store.queue.add({ repo, application }, context.clock.now(), cause);
  }
  if (applications.includes('*')) await settleForAll(news, context);
}

/** A person who wonders why nothing happens compares these fields with `syncs`. */
function sayUnrecognised(repo: Repo, { source, subject, fields, sender }: Report, { log }: LoopContext): void {
  log.info({ repo: fullName(repo), source, subject, fields, sender }, 'No entry of `syncs` recognises this report.');
}

/** A process that has just started knows neither configuration nor tree: it asks for both at the same time. */
async function readAhead(repo: Repo, { revision }: Report, context: LoopContext): Promise<void> {
  if (revision === undefined || context.configs.known(repo) !== undefined) return;
  await orAbsent(context.trees.at(repo, revision));
}

interface News extends Concerned {
  readonly config: Config;
  readonly report: Report;
  readonly before: StoredReport | undefined;
  /** What the report speaks for; `*` for every application. */
  readonly applications: readonly string[];
}

/** Nobody, if the same was looked at before; the tree of a new revision tells whether its files are the same. */
async function whatChanged(news: News, context: LoopContext): Promise<readonly string[]> {
  const { repo, files, config, report, before, applications } = news;
  const everybody = () => namedApplications(repo, applications, context);
  if (before?.fingerprint === undefined || before.report.state !== report.state) return everybody();
  if (before.report.revision === report.revision || report.revision === undefined) return [];
  const tree = await orAbsent(context.trees.at(files, report.revision));
  const fingerprint = tree === undefined ? undefined : fingerprintOf(config, report, tree);
  if (fingerprint !== before.fingerprint) return (await whoChanged(news, tree, context)) ?? everybody();
  await context.store.reports.fingerprint(repo.id, report, fingerprint);
  return [];
}

/** Of a report about every application, those whose files differ from the revision before; undefined when that is not known. */
async function whoChanged(
  news: News,
  tree: Tree | undefined,
  context: LoopContext,
): Promise<readonly string[] | undefined> {
  const { files, config, report, before, applications } = news;
  const known = before?.report.revision === undefined ? undefined : context.trees.known(files, before.report.revision);
  if (known === undefined || tree === undefined || !applications.includes('*')) return undefined;
  const homes = homesOfReport(config, report);
  const places = changedPaths(known, tree).flatMap((path) => homes.flatMap((home) => placesOf(config, path, home)));
  return [...new Set(places.map((place) => place.application))];
}

/** No single look settles a report about every application: it is settled when all it concerns is in the queue. */
async function settleForAll({ repo, files, config, report }: News, context: LoopContext): Promise<void> {
  const { revision } = report;
  const tree = revision === undefined ? undefined : await orAbsent(context.trees.at(files, revision));
  const fingerprint = tree === undefined ? undefined : fingerprintOf(config, report, tree);
  if (revision === undefined || fingerprint === undefined) return;
  await context.store.reports.fingerprint(repo.id, report, fingerprint);
}

/** Where the files are that a report is about: of all environments it speaks for. */
function homesOfReport(config: Config, report: Report): readonly Home[] {
  const environments = new Set(recognise(config, report).map(({ environment }) => environment));
  return homesOf({ environments: config.environments.filter(({ name }) => environments.has(name)) });
}

/**
 * Follows a branch that environments are on: makes due the lanes whose files it changed, and all of them where that is not known,
 * as of a branch that is new. Costs nothing for any other branch.
 */
export async function takePush(repo: Repo, pushed: Pushed, context: LoopContext): Promise<void> {
  if (pushed.isDefault) return takeDefaultPush(repo, pushed, context);
  const { verdict } = await context.configs.load(repo);
  if (!verdict.ok) return;
  const { config } = verdict;
  const homes = homesOf(config).filter((home) => home.repo === undefined && home.branch === pushed.branch);
  if (homes.length === 0) return;
  if (config.environments.some((one) => one.found !== undefined && one.branch === pushed.branch)) {
    // What this branch shows may be other targets now.
    context.configs.forget(repo);
    await applyConfig(repo, await context.configs.load(repo), context);
  }
  const paths = await pathsOf(repo, pushed, context);
  const cause = `the branch ${pushed.branch} moved`;
  if (paths === undefined) await makeEverythingDue(repo, cause, context);
  else await makeDue(repo, { paths, config, cause, homes }, context);
}

/** The default branch: keeps configuration and tree current too. */
async function takeDefaultPush(repo: Repo, pushed: Pushed, context: LoopContext): Promise<void> {
  const touchesConfig =
    pushed.paths === undefined || [...pushed.paths.written, ...pushed.paths.removed].includes(configPath);
  if (touchesConfig) context.configs.forget(repo);
  else {
    if (pushed.paths !== undefined) context.trees.advance(repo, { ...pushed, ...pushed.paths });
    await context.configs.moved(repo, pushed.after);
  }
  const known = await context.configs.load(repo);
  await applyConfig(repo, known, context);
  if (!known.verdict.ok) return;
  const paths = await pathsOf(repo, pushed, context);
  const { config } = known.verdict;
  const homes = defaultHomes(config, pushed.branch);
  if (paths !== undefined) await makeDue(repo, { paths, config, cause: 'the default branch moved', homes }, context);
}

/** The homes on the default branch, whether or not the configuration says its name. */
export function defaultHomes(config: Config, name: string): readonly Home[] {
  return homesOf(config).filter(({ repo, branch }) => repo === undefined && (branch ?? name) === name);
}

/** What a push changed. From its payload if that is complete, else from the two trees; undefined when one is not known. */
async function pathsOf(repo: Repo, pushed: Pushed, context: LoopContext): Promise<readonly string[] | undefined> {
  if (pushed.paths !== undefined) {
    const change: PushedChange = { before: pushed.before, after: pushed.after, ...pushed.paths };
    const advanced = context.trees.advance(repo, change);
    if (advanced === undefined && pushed.isDefault) await context.trees.at(repo, pushed.after);
    return [...pushed.paths.written, ...pushed.paths.removed];
  }
  const before = context.trees.known(repo, pushed.before);
  const after = await context.trees.at(repo, pushed.after);
  return before === undefined ? undefined : changedPaths(before, after);
}

export interface Touched {
  readonly paths: readonly string[];
  readonly config: Config;
  readonly cause: string;
  /** Where the paths are. */
  readonly homes: readonly Home[];
}

/** Only lanes: a change of an environment that promotion never writes to matters when it has synced, not before. */
export async function makeDue(
  repo: Repo,
  { paths, config, cause, homes }: Touched,
  context: LoopContext,
): Promise<void> {
  const all = paths.flatMap((path) => homes.flatMap((home) => placesOf(config, path, home)));
  const places = all.filter((place) => leadsInto(config, place));
  for (const application of new Set(places.map((place) => place.application))) {
    await context.store.queue.add({ repo, application }, context.clock.now(), cause);
  }
}

export interface PullRequestEvent {
  readonly branch: string;
  readonly cause: string;
}

/** Something happened to a pull request on a lane's branch: whose it is and what it means is read again. */
export async function takePullRequest(repo: Repo, event: PullRequestEvent, context: LoopContext): Promise<void> {
  const lane = parseLaneBranch(event.branch);
  if (lane === undefined) return;
  context.log.info({ repo: fullName(repo), ...event }, 'A promotion pull request changed.');
  await context.store.queue.add({ repo, application: lane.application }, context.clock.now(), event.cause);
}

/** A person changed what is written about lanes: a lane that was stopped over it may go on, another has to stop. */
export async function takeDecisions(
  repo: Repo,
  paths: readonly string[] | undefined,
  context: LoopContext,
): Promise<void> {
  const cause = 'a person changed pawl/state';
  if (paths === undefined) return makeEverythingDue(repo, cause, context);
  for (const application of new Set(paths.flatMap((path) => laneOfDecisions(path)?.application ?? []))) {
    await context.store.queue.add({ repo, application }, context.clock.now(), cause);
  }
}
