import type { ApplicationSpec, Environment, TargetSpec } from '../../src/config/config.ts';
import type { Files } from '../../src/domain/file-state.ts';
import type { LanePlan } from '../../src/promotion/action.ts';
import { plan } from '../../src/promotion/plan.ts';
import type { EnvironmentState, LaneState, Snapshot, TargetState } from '../../src/promotion/snapshot.ts';
import { aConfig, aSnapshot, pathOf, textFile } from '../build/a-snapshot.ts';
import { demand } from './config-repo.ts';
import { applicationName } from './many-applications.ts';

/** Deciding about every application of a config repo once, everything that is read being in memory. */
export interface Planning {
  readonly applications: number;
  readonly environments: number;
  /** Lanes that get a pull request. */
  readonly proposals: number;
  /** The fastest of several rounds, and the processor's time in that round. */
  readonly ms: number;
  readonly cpuMs: number;
  /** By how much the memory grew, plans included. */
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export interface Growth {
  readonly moving: Moving;
  readonly few: Planning;
  readonly many: Planning;
}

/** Of all applications nothing moves, a new version into the first lane of each, or one into every lane: no repo is ever beyond these. */
type Moving = 'nothing moves' | 'one lane of each moves' | 'everything moves';

/** Lanes of each application that get a pull request. */
const lanesMoving: Readonly<Record<Moving, number>> = {
  'nothing moves': 0,
  'one lane of each moves': 1,
  'everything moves': 4,
};

/** Plans for 200 and for 2,000 applications. Ten times the work should take ten times as long. */
export function planningGrowth(): readonly Growth[] {
  // As in the thread that decides: see src/decider/thread.ts.
  process.env = { ...process.env };
  return (['nothing moves', 'one lane of each moves', 'everything moves'] as const).map((moving) => ({
    moving,
    few: planning(200, moving),
    many: planning(2_000, moving),
  }));
}

/** What every part of a Snapshot looks like; names, texts and versions are put in. */
const template = aSnapshot({ lane: { merged: [{ before: '1.0', after: '1.1' }] } });
const [source] = template.environments;
const [sourceTarget] = source?.targets ?? [];
const [lane] = template.lanes;
const [merge] = lane?.merged ?? [];

const names = ['dev', 'test', 'staging', 'canary', 'production'] as const;
const environments: readonly Environment[] = names.map((name, index) => {
  demand(source !== undefined, 'The Snapshot has no environment.');
  const after = names.slice(Math.max(0, index - 1), index);
  return { ...source.environment, name, after, targets: [name], namesTargets: false };
});

/** Rounds, since whatever else the machine does only slows one down. Each has applications of its own, never read before. */
const rounds = 3;

function planning(applications: number, moving: Moving): Planning {
  // The first plans are slow because the code is new to the machine.
  planAll(-applications, Math.min(applications, 200), moving);
  const all = Array.from({ length: rounds }, (_, round) => planAll(round * applications, applications, moving));
  const [first, ...others] = all;
  demand(first !== undefined, 'There is no round.');
  return others.reduce((fastest, each) => (each.ms < fastest.ms ? each : fastest), first);
}

function planAll(from: number, applications: number, moving: Moving): Planning {
  const snapshots = Array.from({ length: applications }, (_, index) => snapshotOf(from + index, moving));
  const [memory, cpu, startedAtMs] = [process.memoryUsage(), process.cpuUsage(), performance.now()];
  const plans = snapshots.map(plan);
  const ms = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpu);
  const { heapUsed, rss } = process.memoryUsage();
  const proposals = plans.flatMap(({ lanes }) => lanes.filter(proposes)).length;
  const wanted = applications * lanesMoving[moving];
  demand(proposals === wanted, `${proposals} lanes get a pull request, not ${wanted}.`);
  return {
    applications,
    environments: environments.length,
    proposals,
    ms,
    cpuMs: (user + system) / 1000,
    heapBytes: heapUsed - memory.heapUsed,
    rssBytes: rss - memory.rss,
  };
}

function proposes({ actions }: LanePlan): boolean {
  return actions.some(({ kind }) => kind === 'propose');
}

function snapshotOf(index: number, moving: Moving): Snapshot {
  const application = applicationName(index);
  const spec: ApplicationSpec = {
    name: application,
    environments: environments.map((environment) => ({ environment, targets: [targetSpec(application, environment)] })),
  };
  const minorOf = (step: number) => 9 - Math.min(step, lanesMoving[moving]);
  return {
    ...template,
    config: aConfig(environments),
    application,
    spec,
    environments: environments.map((environment, step) => environmentState(application, environment, minorOf(step))),
    lanes: environments.slice(1).map((environment, step) => laneState(application, environment, minorOf(step + 1))),
    allowance: { open: { now: 0, max: 100 }, recent: { now: 0, max: 100 } },
  };
}

function pathFor(application: string, environment: Environment): string {
  return pathOf(environment.name, environment.name).replace('apps/web/', `apps/${application}/`);
}

function targetSpec(application: string, environment: Environment): TargetSpec {
  const [file] = sourceTarget?.spec.files ?? [];
  demand(file !== undefined, 'The target has no file.');
  return {
    application,
    target: environment.name,
    after: environment.after,
    labels: {},
    folders: [],
    files: [{ ...file, path: pathFor(application, environment) }],
  };
}

function environmentState(application: string, environment: Environment, minor: number): EnvironmentState {
  demand(source !== undefined && sourceTarget?.synced !== undefined, 'The source was never synced.');
  const files = filesOf(application, environment, minor);
  const spec = targetSpec(application, environment);
  const target: TargetState = { ...sourceTarget, spec, files, synced: { ...sourceTarget.synced, files } };
  return { ...source, environment, targets: [target] };
}

/** Promotion pull requests merged into a lane that are remembered with their files. */
const mergedEach = 3;

function laneState(application: string, environment: Environment, minor: number): LaneState {
  demand(lane !== undefined && merge !== undefined, 'The lane has no merge.');
  const merged = Array.from({ length: mergedEach }, (_, index) => ({
    ...merge,
    pullRequest: 90 - index,
    files: filesOf(application, environment, minor - index),
    before: filesOf(application, environment, minor - index - 1),
  }));
  return { ...lane, lane: { application, environment: environment.name }, lastChanges: {}, merged };
}

function filesOf(application: string, environment: Environment, minor: number): Files {
  return { [pathFor(application, environment)]: textFile(overlay(application, environment, minor)) };
}

function overlay(application: string, { name }: Environment, minor: number): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${application}
resources:
  - ../base

images:
  - name: ghcr.io/acme/${application}
    newTag: "1.${minor}.0" # of ${name}
  - name: ghcr.io/acme/${application}-migrations
    newTag: "1.${minor}.0"

replicas:
  - name: ${application}
    count: ${name === 'dev' ? 1 : 3}
`;
}
