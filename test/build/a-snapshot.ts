import type { ApplicationSpec, Config, Environment, TargetSpec } from '../../src/config/config.ts';
import type { Declined } from '../../src/domain/decision.ts';
import type { Files } from '../../src/domain/file-state.ts';
import type { MergedPromotion } from '../../src/domain/lane-history.ts';
import type { Branch, BranchCommit, PullRequest } from '../../src/domain/pull-request.ts';
import type { Report, SyncState } from '../../src/domain/report.ts';
import type { Allowance, LaneState, Snapshot, TargetState } from '../../src/promotion/snapshot.ts';

/** 24 November 2026, 10:00 UTC. */
export const noonMs = Date.parse('2026-11-24T10:00:00Z');
export const minuteMs = 60_000;

/** A kustomization with one image; undefined gives a file without an entry for it. */
export function kustomization(tag: string | undefined, rest = 'replicas:\n- name: web\n  count: 1\n'): string {
  const images = tag === undefined ? '' : `images:\n- name: web\n  newTag: ${tag}\n`;
  return `kind: Kustomization\n${rest}${images}`;
}

export function textFile(text: string): Files[string] {
  return { kind: 'text', oid: `oid of ${text}`, text };
}

/** 40 hex digits that begin with the given ones. */
export function aRevision(start: string): string {
  return start.padEnd(40, '0');
}

export interface SourceTarget {
  /** Tag at the reported revision. */
  readonly tag?: string;
  readonly state?: SyncState;
  readonly badSinceMs?: number;
  readonly revision?: string | undefined;
  readonly onBranch?: boolean;
  readonly reported?: boolean;
  /** Whole text of the file at the revision, instead of the one made from the tag. */
  readonly text?: string;
}

export interface LaneSide {
  /** Tag of each target at head; undefined for a file without an entry. */
  readonly current?: Readonly<Record<string, string | undefined>>;
  /** Whole texts at head, instead of those made from tags; undefined for a file that does not exist. */
  readonly texts?: Readonly<Record<string, string | undefined>>;
  /** Tags around the merges of promotion pull requests, newest first. */
  readonly merged?: readonly { readonly before: string; readonly after: string }[];
  readonly pullRequests?: readonly PullRequest[];
  readonly branches?: readonly Branch[];
  readonly declined?: readonly Declined[];
  readonly damaged?: string;
  readonly followed?: string;
  readonly reports?: Readonly<Record<string, SourceTarget>>;
}

export interface World {
  /** Targets of the environment `dev`; by default one that runs 1.1 healthily. */
  readonly source?: Readonly<Record<string, SourceTarget>>;
  readonly lane?: LaneSide;
  readonly nowMs?: number;
  readonly allowance?: Partial<Allowance>;
  readonly configured?: boolean;
}

/** A Snapshot of the application `web` with the environments `dev` and `staging`, where `staging` comes after `dev`. */
export function aSnapshot({ source = { dev: {} }, lane = {}, ...rest }: World = {}): Snapshot {
  const current = lane.current ?? { staging: '1.0' };
  const dev = anEnvironment('dev', [], Object.keys(source));
  const staging = anEnvironment('staging', ['dev'], Object.keys(lane.texts ?? current));
  const config = aConfig([dev, staging]);
  const spec = aSpec([dev, staging]);
  const texts =
    lane.texts ??
    Object.fromEntries(Object.entries(current).map(([name, tag]) => [name, kustomization(tag, laneSettings)]));
  return {
    nowMs: rest.nowMs ?? noonMs,
    repo: { fullName: 'acme/config', url: 'https://github.com/acme/config' },
    stateHead: undefined,
    config,
    application: 'web',
    spec: rest.configured === false ? undefined : spec,
    environments: [
      {
        environment: dev,
        base,
        unavailable: undefined,
        targets: Object.entries(source).map(([name, target]) => sourceTarget(dev, name, target)),
      },
      {
        environment: staging,
        base,
        unavailable: undefined,
        targets: Object.entries(texts).map(([name, text]) => laneTarget(staging, { name, text, lane })),
      },
    ],
    lanes: [aLaneState(staging, lane)],
    allowance: {
      open: { now: 0, max: 10 },
      recent: { now: 0, max: 10 },
      ...rest.allowance,
    },
  };
}

/** The default branch and its head. */
export const base = { branch: 'main', head: aRevision('beef'), repoUrl: 'https://github.com/acme/config' };

const laneSettings = 'replicas:\n- name: web\n  count: 3\n';

function anEnvironment(name: string, after: readonly string[], targets: readonly string[]): Environment {
  const namesTargets = targets.length > 1 || targets[0] !== name;
  return { name, after, targets, namesTargets, branch: undefined, repo: undefined };
}

export function aConfig(environments: readonly Environment[]): Config {
  return {
    environments,
    applications: [],
    recognisers: [],
    limits: { openPullRequests: 10, newPullRequestsPerHour: 10, newPullRequestsFirstHour: 2 },
    withdrawAfterMs: 15 * minuteMs,
    feeds: [],
    groups: [],
  };
}

function aSpec(environments: readonly Environment[]): ApplicationSpec {
  const specs = environments.map((environment) => ({
    environment,
    targets: environment.targets.map((target) => aTargetSpec(environment, target)),
  }));
  return { name: 'web', environments: specs };
}

export function pathOf(environment: string, target: string): string {
  return `apps/web/${environment}${target === environment ? '' : `/${target}`}/kustomization.yaml`;
}

function aTargetSpec(environment: Environment, target: string): TargetSpec {
  const path = pathOf(environment.name, target);
  return {
    application: 'web',
    target,
    after: environment.after,
    labels: {},
    folders: [path.replace(/\/kustomization\.yaml$/, '')],
    files: [{ path, slot: '0/kustomization.yaml', editor: 'images', where: { images: ['*'] }, aliases: [] }],
  };
}

function sourceTarget(environment: Environment, name: string, target: SourceTarget): TargetState {
  const spec = aTargetSpec(environment, name);
  const path = pathOf(environment.name, name);
  const text = target.text ?? kustomization(target.tag ?? '1.1');
  const revision = 'revision' in target ? target.revision : aRevision('a1');
  return {
    spec,
    evidence:
      target.reported === false
        ? undefined
        : { report: aReport({ ...target, revision }, `web-${name}`), badSinceMs: target.badSinceMs },
    awaited: [`Argo CD: Application \`web-${name}\``],
    files: { [path]: textFile(text) },
    folders: {},
    synced:
      revision === undefined || target.reported === false
        ? undefined
        : { onBranch: target.onBranch ?? true, files: { [path]: textFile(text) }, folders: {} },
  };
}

export function aReport(target: SourceTarget & { readonly observedAtMs?: number }, name: string): Report {
  const { state = 'healthy', revision, observedAtMs = noonMs - 10 * minuteMs } = target;
  return {
    source: 'argocd',
    repository: 'github.com/acme/config',
    subject: `argocd:main:argocd/${name}`,
    fields: { application: name },
    state,
    revision,
    operation: `argocd:main:uid:7`,
    observedAtMs,
    healthySinceMs: state === 'healthy' ? observedAtMs : undefined,
    message: state === 'healthy' ? 'Synced, Healthy' : 'Deployment is not ready',
    link: undefined,
    successOnly: false,
    sender: undefined,
  };
}

interface LaneTargetInput {
  readonly name: string;
  readonly text: string | undefined;
  readonly lane: LaneSide;
}

function laneTarget(environment: Environment, { name, text, lane }: LaneTargetInput): TargetState {
  const reported = lane.reports?.[name];
  const path = pathOf(environment.name, name);
  const base = reported === undefined ? undefined : sourceTarget(environment, name, reported);
  return {
    spec: aTargetSpec(environment, name),
    evidence: base?.evidence,
    awaited: [],
    files: text === undefined ? { [path]: { kind: 'missing' } } : { [path]: textFile(text) },
    folders: {},
    synced: base?.synced,
  };
}

function aLaneState(staging: Environment, lane: LaneSide): LaneState {
  const [first = 'staging'] = staging.targets;
  const path = pathOf('staging', first);
  return {
    lane: { application: 'web', environment: 'staging' },
    branches: lane.branches ?? [],
    pullRequests: lane.pullRequests ?? [],
    merged: (lane.merged ?? []).map((merge, index) => aMerge(merge, 90 - index, staging)),
    lastChanges: {
      [path]: { commit: aRevision('c0'), author: 'erin', atMs: noonMs - 60 * minuteMs, headline: 'Hotfix' },
    },
    decisions:
      lane.damaged === undefined
        ? { ok: true, decisions: { declined: lane.declined ?? [] } }
        : { ok: false, reason: lane.damaged },
    followed: lane.followed,
  };
}

function aMerge(
  tags: { readonly before: string; readonly after: string },
  pullRequest: number,
  staging: Environment,
): MergedPromotion {
  const files = (tag: string): Files =>
    Object.fromEntries(
      staging.targets.map((target) => [pathOf('staging', target), textFile(kustomization(tag, laneSettings))]),
    );
  const mergedAtMs = noonMs - (91 - pullRequest) * 60 * minuteMs;
  return {
    pullRequest,
    mergeCommit: aRevision(`d${pullRequest}`),
    mergedAtMs,
    files: files(tags.after),
    before: files(tags.before),
  };
}

export function aPullRequest(given: Partial<PullRequest> = {}): PullRequest {
  return {
    id: 'PR_7',
    number: 7,
    url: 'https://github.com/acme/config/pull/7',
    state: 'open',
    draft: false,
    title: 'Promote web 1.1 to staging',
    body: '',
    branch: 'promote/staging/web',
    head: aRevision('e7'),
    createdAtMs: noonMs - 30 * minuteMs,
    closedBy: undefined,
    closedAtMs: undefined,
    mergeCommit: undefined,
    engaged: false,
    reviewed: false,
    ownComments: [],
    candidate: undefined,
    ...given,
  };
}

/** The lane's branch as Pawl left it, with the tag it carries; commits by people come on top. */
export function aBranch(tag: string, given: Partial<Branch> = {}, people: readonly string[] = []): Branch {
  const ours: BranchCommit = { oid: aRevision('e7'), message: 'Promote web', byApp: true, author: 'pawl' };
  const theirs = people.map((author, index) => ({ oid: aRevision(`f${index}`), message: 'Fix', byApp: false, author }));
  return {
    name: 'promote/staging/web',
    head: theirs[0]?.oid ?? ours.oid,
    commits: [...theirs, ours],
    complete: true,
    foreignPullRequest: undefined,
    files: { [pathOf('staging', 'staging')]: textFile(kustomization(tag, laneSettings)) },
    ...given,
  };
}
