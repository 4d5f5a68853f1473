import type { TargetSpec } from '../config/config.ts';
import type { MergedPromotion } from '../domain/lane-history.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { sameVersion } from '../domain/version.ts';
import type { Action, Outcome } from './action.ts';
import type { EnvironmentState, LaneState, TargetState } from './snapshot.ts';
import { readVersions, type SlotVersion, sameSlot } from './versions.ts';

/** What a merged pull request says once its versions run everywhere: from then on nothing is added to it. */
export const liveKey = 'live';

/** Follows the newest merged pull request of a lane until its versions run on every target. */
export function followUp(state: EnvironmentState, lane: LaneState): readonly Action[] {
  const pullRequest = lane.pullRequests.find((one) => one.state === 'merged');
  const merged = lane.merged.find((one) => one.pullRequest === pullRequest?.number);
  if (pullRequest === undefined || merged === undefined || lane.followed === liveKey) return [];
  const outcome = outcomeOf(state, merged);
  return outcome === undefined || outcome.key === lane.followed ? [] : [{ kind: 'follow', pullRequest, outcome }];
}

/** Undefined while there is nothing final to say. */
function outcomeOf(state: EnvironmentState, merged: MergedPromotion): Outcome | undefined {
  const targets = broughtTo(state, merged).map((target) => targetOutcome(target, merged));
  const failed = targets.flatMap((one) => (one.kind === 'failed' ? [one] : []));
  if (failed.length > 0) {
    const why = reason(
      'failed',
      `${state.environment.name} did not take it well.`,
      failed.map((one) => one.why),
    );
    return { state: 'failed', why, key: `failed:${failed.map((one) => one.key).join('+')}`, atMs: failed[0]?.atMs };
  }
  if (targets.length === 0 || !targets.every((one) => one.kind === 'live')) return undefined;
  const atMs = Math.max(...targets.map((one) => one.atMs));
  return {
    state: 'live',
    why: reason(
      'live',
      `Live in ${state.environment.name}.`,
      targets.map((one) => one.why),
    ),
    key: liveKey,
    atMs,
  };
}

/** The targets it changed: in a group others have nothing to do with it. All of them where that cannot be seen. */
function broughtTo({ targets }: EnvironmentState, merged: MergedPromotion): readonly TargetState[] {
  const changed = targets.filter(({ spec }) => broughtIn(spec, merged).length > 0);
  return changed.length > 0 ? changed : targets;
}

/** The versions a merge brought to a target: everything else there is somebody else's. */
function broughtIn(spec: TargetSpec, { before, files }: MergedPromotion): readonly SlotVersion[] {
  const earlier = readVersions(spec, before).versions;
  return readVersions(spec, files).versions.filter((version) => !earlier.some((one) => isSame(one, version)));
}

interface TargetOutcome {
  readonly kind: 'live' | 'failed' | 'pending';
  readonly why: Reason;
  readonly key: string;
  readonly atMs: number;
}

function targetOutcome(target: TargetState, merged: MergedPromotion): TargetOutcome {
  const name = target.spec.target;
  const { evidence, synced } = target;
  const pending = {
    kind: 'pending',
    why: reason('waiting', `${name} has not reported it yet.`),
    key: '',
    atMs: 0,
  } as const;
  if (evidence === undefined || evidence.report.observedAtMs < merged.mergedAtMs)
    return atRevision(target, merged) ?? pending;
  const { report } = evidence;
  if (report.state === 'failed' || report.state === 'degraded') {
    const why = reason('bad', `${name} is ${report.state}: ${report.message}`);
    return { kind: 'failed', why, key: name, atMs: report.observedAtMs };
  }
  return synced === undefined ? pending : (atRevision(target, merged) ?? pending);
}

/** Healthy at a revision that holds the very versions the merge brought. */
function atRevision(target: TargetState, merged: MergedPromotion): TargetOutcome | undefined {
  const { evidence, synced, spec } = target;
  if (evidence?.report.state !== 'healthy' || synced === undefined || !synced.onBranch) return undefined;
  const [runs, brought] = [readVersions(spec, synced.files).versions, broughtIn(spec, merged)];
  const wanted = brought.length > 0 ? brought : readVersions(spec, merged.files).versions;
  if (!holds(runs, wanted)) return undefined;
  const why = reason('live', `${spec.target} runs it, healthy.`);
  return { kind: 'live', why, key: liveKey, atMs: evidence.report.healthySinceMs ?? evidence.report.observedAtMs };
}

function holds(runs: readonly SlotVersion[], wanted: readonly SlotVersion[]): boolean {
  return wanted.length > 0 && wanted.every((version) => runs.some((one) => isSame(one, version)));
}

function isSame(one: SlotVersion, other: SlotVersion): boolean {
  return sameSlot(one, other) && sameVersion(one.version, other.version);
}
