import type { SourceName } from '../domain/report.ts';
import type { PathPattern } from './pattern.ts';
import type { SelectorAlias } from './selection.ts';
import type { FoundTargets, Labels } from './target-pattern.ts';

/** The configuration of one config repo, read from `.github/pawl.yaml` on its default branch and found valid. */
export interface Config {
  /** In promotion order: every environment comes after those it follows. */
  readonly environments: readonly Environment[];
  readonly applications: readonly ApplicationRule[];
  readonly recognisers: readonly Recogniser[];
  readonly limits: Limits;
  /** How long an open pull request whose source went bad stays open, milliseconds. */
  readonly withdrawAfterMs: number;
  /** Other config repos, `owner/name`, that may take versions from this one. */
  readonly feeds: readonly string[];
  readonly groups: readonly Group[];
}

/** Applications that are promoted together, in one pull request for each environment. */
export interface Group {
  readonly name: string;
  /** Names of applications; `*` stands for any characters. */
  readonly applications: readonly string[];
  /** How many applications one pull request moves at most, by environment. */
  readonly batch: Readonly<Record<string, number>>;
}

export interface Environment {
  readonly name: string;
  /** Names of the environments it comes after; empty for one that promotion never writes to. */
  readonly after: readonly string[];
  /** Names of its targets, at least one. Without `targets` in the file it has one, named like the environment. */
  readonly targets: readonly string[];
  /** Where its targets are found, when the configuration does not list them; `targets` then holds those found last. */
  readonly found?: FoundTargets | undefined;
  /** Labels of found targets, by name. */
  readonly labels?: Readonly<Record<string, Labels>>;
  /** Whether the file names its targets: only then do patterns fill their `[…]` part. */
  readonly namesTargets: boolean;
  /** Branch its files are on; undefined for the default one. */
  readonly branch: string | undefined;
  /** Config repo its files are in, `owner/name`; undefined for this one. Promotion writes to this one alone. */
  readonly repo: string | undefined;
}

/** Whether a lane leads into the environment: it comes after another one, and its files are in this repo. */
export function hasLane({ after, repo }: Environment): boolean {
  return after.length > 0 && repo === undefined;
}

/** Where the files of an environment are. */
export type Home = Pick<Environment, 'branch' | 'repo'>;

/** Identity of a home; undefined for the default branch of this repo. */
export function homeKey({ branch, repo }: Home): string | undefined {
  return branch === undefined && repo === undefined ? undefined : `${repo?.toLowerCase() ?? ''}@${branch ?? ''}`;
}

/** Whether a configuration lets another repo, `owner/name`, take versions from its own. */
export function feedsRepo({ feeds }: Pick<Config, 'feeds'>, name: string): boolean {
  return feeds.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** Every branch of this or another repo that environments have their files on, in promotion order. */
export function homesOf({ environments }: Pick<Config, 'environments'>): readonly Home[] {
  const homes = environments.map(({ branch, repo }) => [homeKey({ branch, repo }), { branch, repo }] as const);
  return [...new Map(homes).values()];
}

export interface ApplicationRule {
  /** The one application the rule is for; undefined for every application the path pattern matches. */
  readonly name: string | undefined;
  readonly path: PathPattern;
  readonly promote: readonly PromoteRule[];
  /** The application's own promotion order, each after those it follows; undefined for that of all. */
  readonly order?: readonly OrderStep[] | undefined;
  /** Line of the rule in the file, from 1; undefined for a rule that was not read from a file. */
  readonly line?: number | undefined;
}

/** One environment of an application's own order. */
export interface OrderStep {
  readonly name: string;
  readonly after: readonly string[];
}

/** What may move in one file of an application: the allow-list. `where` is the named editor's option object. */
export interface PromoteRule {
  readonly editor: string;
  readonly where: unknown;
  /** File below the application's path; may hold placeholders too. */
  readonly file: PathPattern;
  /** Whether `file` is a folder, of which whole files move. */
  readonly wholeFiles?: boolean;
  /** Name of a file beside it that has to change along, where it is there. */
  readonly companion?: string | undefined;
  /** Whether a file that a target lacks is made. */
  readonly create?: CreateRule | undefined;
}

/** A missing file is made like that of the source, but for the values under these keys, which a person fills in. */
export interface CreateRule {
  readonly leave: readonly string[];
}

/** How reports of one sync source are tied to application, environment and target. Every field given must match. */
export interface Recogniser {
  readonly source: SourceName;
  readonly fields: Readonly<Record<string, PathPattern>>;
  /** GitHub logins or App slugs that may send it; undefined for the direct endpoints, whose secret says who sent it. */
  readonly senders: readonly string[] | undefined;
  /** A report that names no application speaks for all of the environment's. */
  readonly everyApplication: boolean;
  /** A report that names no target speaks for all of the environment's. */
  readonly everyTarget: boolean;
}

export interface Limits {
  /** Promotion pull requests open at once in the repo. */
  readonly openPullRequests: number;
  readonly newPullRequestsPerHour: number;
  /** New ones in the first hour after the first valid configuration. */
  readonly newPullRequestsFirstHour: number;
}

/** One application under a configuration: where its files are in every environment, whether or not they exist. */
export interface ApplicationSpec {
  readonly name: string;
  readonly environments: readonly EnvironmentSpec[];
}

export interface EnvironmentSpec {
  readonly environment: Environment;
  readonly targets: readonly TargetSpec[];
}

export interface TargetSpec {
  /** The application whose files they are: in a group there are several. */
  readonly application: string;
  readonly target: string;
  /** The environments its application comes from, in this environment: members of a group may have orders of their own. */
  readonly after: readonly string[];
  readonly labels: Labels;
  /** Folders of the application in this target, without a slash at the end; one for each rule that applies. */
  readonly folders: readonly string[];
  readonly files: readonly FileSpec[];
}

export interface FileSpec {
  /** Path in the repo, without a slash in front. */
  readonly path: string;
  /** The same in every environment and target: files of one slot correspond. */
  readonly slot: string;
  readonly editor: string;
  /** The editor's options, with the names of this place in place of placeholders. */
  readonly where: unknown;
  /** Selectors that are written with placeholders: artifacts are called alike in every place. */
  readonly aliases: readonly SelectorAlias[];
  /** What a file that moves whole is called: its path below the folder. One that is not there is a version too then. */
  readonly whole?: string;
  /** A file beside it that has to change along, where it is there. */
  readonly companion?: string | undefined;
  readonly create?: CreateRule | undefined;
}

/** Every path that is read of a target: of its files, and of those that change along with them. */
export function pathsIn({ files }: Pick<TargetSpec, 'files'>): readonly string[] {
  return files.flatMap(({ path, companion }) => (companion === undefined ? [path] : [path, companion]));
}
