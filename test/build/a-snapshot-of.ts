import { type ApplicationSpec, type Config, pathsIn } from '../../src/config/config.ts';
import type { Listing } from '../../src/config/copies.ts';
import { withFoundTargets } from '../../src/config/found-targets.ts';
import { groupNamed, groupSpec, membersOf } from '../../src/config/groups.ts';
import { applicationOf, applicationsIn } from '../../src/config/lanes.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { FileState, Files } from '../../src/domain/file-state.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { describeReason } from '../../src/domain/reason.ts';
import type { SyncState } from '../../src/domain/report.ts';
import { editors } from '../../src/editors/index.ts';
import type { LanePlan } from '../../src/promotion/action.ts';
import { plan } from '../../src/promotion/plan.ts';
import type { Proposal } from '../../src/promotion/proposal.ts';
import type { EnvironmentState, LaneState, Snapshot } from '../../src/promotion/snapshot.ts';
import { syncSources } from '../../src/sources/index.ts';
import { aReport, aRevision, base, noonMs, textFile } from './a-snapshot.ts';

export type Texts = Readonly<Record<string, string>>;

export interface Told {
  /** The whole configuration, as in `.github/pawl.yaml`. */
  readonly config: string;
  readonly application?: string;
  /** Files at the head of every branch. */
  readonly files: Texts;
  /** Files at the revision that was synced, where they differ from those at head; undefined for one that is not there. */
  readonly synced?: Readonly<Record<string, string | undefined>>;
  /** Files around the merges of promotion pull requests into the lanes, newest first. */
  /** What reports say of an application in an environment (`web/dev`), where that is not `healthy`. */
  readonly states?: Readonly<Record<string, SyncState>>;
  readonly merged?: readonly { readonly before: Texts; readonly after: Texts }[];
}

/** A Snapshot made of a configuration and files as people write them. Every target reports that it is healthy. */
export function aSnapshotOf({
  config: text,
  application = 'web',
  files,
  synced = {},
  states = {},
  merged = [],
}: Told): Snapshot {
  const parsed = parseConfig(text, { editors, sources: syncSources });
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  const found = withFoundTargets(parsed.config, () => Object.keys(files));
  if (!found.ok) throw new Error(found.problem.message);
  const { config } = found;
  const present = Object.entries({ ...files, ...synced }).flatMap(([path, content]) =>
    content === undefined ? [] : [path],
  );
  const listing = new Map([[undefined, new Set([...present, ...Object.keys(files)])]]);
  const spec = specOf(config, application, listing);
  const at = (texts: Readonly<Record<string, string | undefined>>, paths: readonly string[]): Files =>
    Object.fromEntries(paths.map((path) => [path, fileOf(texts[path])]));
  const environments = (spec?.environments ?? []).map(({ environment, targets }): EnvironmentState => {
    const targetStates = targets.map((target) => {
      const paths = pathsIn(target);
      const state = states[`${target.application}/${environment.name}`] ?? 'healthy';
      const report = aReport({ revision: aRevision('a1'), state }, `${target.application}-${target.target}`);
      return {
        spec: target,
        evidence: { report, badSinceMs: state === 'healthy' ? undefined : noonMs },
        awaited: [],
        files: at(files, paths),
        folders: {},
        synced: { onBranch: true, files: at({ ...files, ...synced }, paths), folders: {} },
      };
    });
    return { environment, base, unavailable: undefined, targets: targetStates };
  });
  const lanes = environments
    .filter(({ environment }) => environment.after.length > 0)
    .map((state): LaneState => {
      const paths = state.targets.flatMap(({ spec: target }) => pathsIn(target));
      return {
        lane: { application, environment: state.environment.name },
        branches: [],
        pullRequests: [],
        merged: merged.map(({ before, after }, index) => ({
          pullRequest: 90 - index,
          mergeCommit: aRevision(`d${index}`),
          mergedAtMs: noonMs - (index + 1) * 60 * 60_000,
          files: at(after, paths),
          before: at(before, paths),
        })),
        lastChanges: {},
        decisions: { ok: true, decisions: { declined: [] } },
        followed: undefined,
      };
    });
  return {
    nowMs: noonMs,
    repo: { fullName: 'acme/config', url: 'https://github.com/acme/config' },
    stateHead: undefined,
    config,
    application,
    spec,
    environments,
    lanes,
    allowance: { open: { now: 0, max: 10 }, recent: { now: 0, max: 10 } },
  };
}

function fileOf(text: string | undefined): FileState {
  return text === undefined ? { kind: 'missing' } : (textFile(text) ?? { kind: 'missing' });
}

/** An application, or a group of those the files show. */
function specOf(config: Config, name: string, listing: Listing): ApplicationSpec | undefined {
  const group = groupNamed(config, name);
  if (group === undefined) return applicationOf(config, name, listing);
  const members = membersOf(config, group, applicationsIn(config, listing.get(undefined) ?? []));
  return groupSpec(
    name,
    members.flatMap((member) => applicationOf(config, member, listing) ?? []),
  );
}

/** What is decided about the lane into an environment, and the proposal if there is one. */
export function decisionOn(told: Told, environment: string): Decision {
  const lane = plan(aSnapshotOf(told)).lanes.find((one) => one.lane.environment === environment);
  if (lane === undefined) throw new Error(`no lane into ${environment}`);
  const proposal = lane.actions.flatMap((action) => (action.kind === 'propose' ? [action.proposal] : []))[0];
  return { lane, why: describeReason(lane.why), proposal };
}

export interface Decision {
  readonly lane: LanePlan;
  readonly why: string;
  readonly proposal: Proposal | undefined;
}

/** The new texts of a proposal by path. */
export function textsOf({ proposal, why }: Decision): Readonly<Record<string, string | undefined>> {
  if (proposal === undefined) throw new Error(`nothing is proposed: ${why}`);
  return Object.fromEntries(proposal.files.map(({ path, after }) => [path, after]));
}
