import { createHash } from 'node:crypto';
import type { Environment, TargetSpec } from '../config/config.ts';
import type { Files } from '../domain/file-state.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { shortRevision } from '../domain/report.ts';
import { describeVersion, sameVersion, type Version } from '../domain/version.ts';
import { editorOf } from '../editors/index.ts';
import type { EnvironmentState, Evidence, Snapshot, TargetState } from './snapshot.ts';

/** The versions an environment runs, proved by healthy reports of every target at revisions that hold those very versions. */
export interface Candidate {
  /** The parent environments that prove it, in promotion order. */
  readonly from: readonly string[];
  readonly artifacts: readonly SlotVersion[];
  /** Identity of the versions: the same versions in the same slots have the same hash. 64 hex digits. */
  readonly hash: string;
  readonly proofs: readonly Proof[];
}

/** One artifact in one file; files of one slot correspond across environments and targets. */
export interface SlotVersion {
  readonly slot: string;
  readonly path: string;
  readonly artifact: string;
  readonly version: Version;
  readonly line: number;
}

/** One healthy report that proves the candidate on one target. */
export interface Proof {
  readonly environment: string;
  readonly target: string;
  readonly revision: string;
  readonly evidence: Evidence;
}

export type CandidateRead =
  | { readonly kind: 'proved'; readonly candidate: Candidate }
  | { readonly kind: 'unproved'; readonly why: Reason; readonly badSinceMs: number | undefined };

/** What the parents of an environment prove together. Every parent, every target of each, and all with the same versions. */
export function candidateFor(snapshot: Snapshot, environment: Environment): CandidateRead {
  const parents = snapshot.environments.filter((state) => environment.after.includes(state.environment.name));
  const reads = parents.flatMap((parent) => parent.targets.map((target) => readTarget(parent, target)));
  const failures = reads.flatMap((read) => (read.kind === 'unproved' ? [read] : []));
  if (failures.length > 0 || reads.length === 0) return unproved(failures, environment);
  const proved = reads.flatMap((read) => (read.kind === 'proved' ? [read] : []));
  return agree(proved, environment);
}

interface ProvedTarget {
  readonly kind: 'proved';
  readonly versions: readonly SlotVersion[];
  readonly proof: Proof;
}

interface UnprovedTarget {
  readonly kind: 'unproved';
  readonly why: Reason;
  readonly badSinceMs: number | undefined;
}

function readTarget(parent: EnvironmentState, target: TargetState): ProvedTarget | UnprovedTarget {
  const place = placeOf(parent, target);
  const { evidence, synced } = target;
  if (evidence === undefined) return waiting(`${place} has not reported yet. ${awaiting(target.awaited)}`);
  const { report } = evidence;
  if (report.state !== 'healthy') return notHealthy(place, evidence);
  if (report.revision === undefined) return waiting(`${place} reported no revision.`);
  if (synced === undefined)
    return waiting(`${place} reported revision ${report.revision}, which the repo does not have.`);
  if (!synced.onDefaultBranch) {
    return waiting(`${place} reported revision ${shortRevision(report.revision)}, which is not on the default branch.`);
  }
  const read = readVersions(target.spec, synced.files);
  if (read.refusals.length > 0) return { kind: 'unproved', why: refused(place, read.refusals), badSinceMs: undefined };
  if (read.versions.length === 0)
    return waiting(`${place} has nothing to promote at ${shortRevision(report.revision)}.`);
  const proof = {
    environment: parent.environment.name,
    target: target.spec.target,
    revision: report.revision,
    evidence,
  };
  return { kind: 'proved', versions: read.versions, proof };
}

function placeOf(parent: EnvironmentState, target: TargetState): string {
  const { environment } = parent;
  return environment.namesTargets ? `${environment.name}/${target.spec.target}` : environment.name;
}

function awaiting(awaited: readonly string[]): string {
  return awaited.length === 0
    ? 'No entry of `syncs` recognises reports about it.'
    : `Awaited: ${awaited.join('; or ')}.`;
}

function waiting(text: string): UnprovedTarget {
  return { kind: 'unproved', why: reason('waiting', text), badSinceMs: undefined };
}

function notHealthy(place: string, evidence: Evidence): UnprovedTarget {
  const { report, badSinceMs } = evidence;
  const said = report.message === '' ? '' : `: ${report.message}`;
  const bad = report.state === 'failed' || report.state === 'degraded';
  const why = reason(bad ? 'bad' : 'waiting', `${place} is ${report.state}${said}`);
  return { kind: 'unproved', why, badSinceMs: bad ? (badSinceMs ?? report.observedAtMs) : undefined };
}

/** What a target's files hold of the versions its rules select, or why some of it cannot be read. */
export interface VersionsRead {
  readonly versions: readonly SlotVersion[];
  readonly refusals: readonly FileRefusal[];
}

export interface FileRefusal {
  readonly path: string;
  readonly line: number | undefined;
  readonly reason: string;
  /** What stands there all the same: it is no candidate, but a candidate may take its place. */
  readonly present?: SlotVersion;
}

/** Reads every file of a target. A file that does not exist holds nothing; one that cannot be read is a refusal. */
export function readVersions(spec: TargetSpec, files: Files): VersionsRead {
  const versions: SlotVersion[] = [];
  const refusals: FileRefusal[] = [];
  for (const { path, slot, editor, where } of spec.files) {
    const file = files[path] ?? { kind: 'missing' };
    if (file.kind === 'missing') continue;
    if (file.kind === 'unreadable') {
      refusals.push({ path, line: undefined, reason: file.reason });
      continue;
    }
    const found = editorOf(editor).find(file.text, where);
    versions.push(...found.artifacts.map((artifact) => ({ ...artifact, slot, path })));
    for (const { present, ...refusal } of found.refusals) {
      refusals.push({ ...refusal, path, ...(present === undefined ? {} : { present: { ...present, slot, path } }) });
    }
  }
  return { versions, refusals };
}

export function describeRefusal({ path, line, reason: text }: FileRefusal): string {
  return `${path}${line === undefined ? '' : `:${line}`} ${text}`;
}

function refused(place: string, refusals: readonly FileRefusal[]): Reason {
  const children = refusals.map((refusal) => reason('refused', describeRefusal(refusal)));
  return reason('refused', `What ${place} runs cannot be read for certain.`, children);
}

function unproved(failures: readonly UnprovedTarget[], environment: Environment): CandidateRead {
  const children = failures.map((failure) => failure.why);
  const bad = failures.flatMap(({ badSinceMs }) => (badSinceMs === undefined ? [] : [badSinceMs]));
  const code = bad.length > 0 ? 'bad' : children.some((child) => child.code === 'refused') ? 'refused' : 'waiting';
  const verb = environment.after.length === 1 ? 'does' : 'do';
  const parents = environment.after.join(' and ');
  const why = reason(code, `${parents} ${verb} not prove a candidate for ${environment.name}.`, children);
  return { kind: 'unproved', why, badSinceMs: bad.length > 0 ? Math.min(...bad) : undefined };
}

/** All targets must hold the same versions; one that lags makes the lane wait and is named. */
function agree(proved: readonly ProvedTarget[], environment: Environment): CandidateRead {
  const [first] = proved;
  if (first === undefined) return unproved([], environment);
  const different = proved.filter((other) => !sameVersions(first.versions, other.versions));
  if (different.length > 0) return disagreement(proved, environment);
  const candidate: Candidate = {
    from: environment.after,
    artifacts: first.versions,
    hash: hashVersions(first.versions),
    proofs: proved.map((target) => target.proof),
  };
  return { kind: 'proved', candidate };
}

function disagreement(proved: readonly ProvedTarget[], environment: Environment): CandidateRead {
  const children = proved.map(({ proof, versions }) => {
    const runs = versions.map(({ artifact, version }) => `${artifact} ${describeVersion(version)}`).join(', ');
    const place = proof.target === proof.environment ? proof.environment : `${proof.environment}/${proof.target}`;
    return reason('waiting', `${place} runs ${runs} (${shortRevision(proof.revision)}).`);
  });
  const why = reason(
    'waiting',
    `Not every target of ${environment.after.join(' and ')} runs the same versions.`,
    children,
  );
  return { kind: 'unproved', why, badSinceMs: undefined };
}

export function sameVersions(a: readonly SlotVersion[], b: readonly SlotVersion[]): boolean {
  return (
    a.length === b.length &&
    a.every((one) => b.some((other) => sameSlot(one, other) && sameVersion(one.version, other.version)))
  );
}

export function sameSlot(
  a: Pick<SlotVersion, 'slot' | 'artifact'>,
  b: Pick<SlotVersion, 'slot' | 'artifact'>,
): boolean {
  return a.slot === b.slot && a.artifact === b.artifact;
}

/** Content hash of versions, whatever order they were read in. */
export function hashVersions(versions: readonly SlotVersion[]): string {
  const lines = versions.map(({ slot, artifact, version }) =>
    JSON.stringify([slot, artifact, Object.entries(version).sort(([a], [b]) => (a < b ? -1 : 1))]),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
