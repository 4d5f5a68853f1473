import type { Environment } from '../config/config.ts';
import { describeReason, type Reason, reason } from '../domain/reason.ts';
import { shortRevision } from '../domain/report.ts';
import { describeVersion } from '../domain/version.ts';
import type { EnvironmentState, Evidence, Snapshot, TargetState } from './snapshot.ts';
import {
  describeRefusal,
  type FileRefusal,
  hashVersions,
  isNoFile,
  readVersions,
  type SlotVersion,
  sameVersions,
  uniqueRefusals,
  unrefused,
  type VersionsRead,
} from './versions.ts';

/** The versions an environment runs, proved by healthy reports of every target at revisions that hold those very versions. */
export interface Candidate {
  /** The parent environments that prove it, in promotion order. */
  readonly from: readonly string[];
  readonly artifacts: readonly SlotVersion[];
  /** Identity of the versions: the same versions in the same slots have the same hash. 64 hex digits. */
  readonly hash: string;
  readonly proofs: readonly Proof[];
  /** What the source holds besides and cannot be read for certain: it does not move, and the rest does. */
  readonly leftOut: readonly FileRefusal[];
}

/** One healthy report that proves the candidate on one target. */
export interface Proof {
  readonly application: string;
  readonly environment: string;
  readonly target: string;
  readonly revision: string;
  /** Page of the repo that has the revision. */
  readonly repoUrl: string;
  readonly evidence: Evidence;
}

export type CandidateRead =
  | { readonly kind: 'proved'; readonly candidate: Candidate }
  | { readonly kind: 'unproved'; readonly why: Reason; readonly badSinceMs: number | undefined };

/**
 * What the parents of an environment prove together. Every parent, every target of each, and all with the same versions. In a
 * group that goes for each application; one that proves nothing is left out, and the others go on.
 */
export function candidateFor(snapshot: Snapshot, { environment, targets }: EnvironmentState): CandidateRead {
  const reads = membersWithLane(targets).map(({ spec: { application: member, after } }): MemberRead => {
    const parents = snapshot.environments.filter((state) => after.includes(state.environment.name));
    const own = parents.map((parent) => only(parent, member));
    return { member, read: candidateOf(own, { name: environment.name, after }) };
  });
  const [first, ...others] = reads;
  return first !== undefined && others.length === 0 ? first.read : together(reads, environment);
}

/** One target of each application that promotion leads there: a member of a group may only be read in an environment. */
export function membersWithLane(targets: readonly TargetState[]): readonly TargetState[] {
  const led = targets.filter(({ spec }) => spec.after.length > 0);
  return [...new Map(led.map((target) => [target.spec.application, target])).values()];
}

function only(parent: EnvironmentState, member: string): EnvironmentState {
  return { ...parent, targets: parent.targets.filter(({ spec }) => spec.application === member) };
}

interface MemberRead {
  readonly member: string;
  readonly read: CandidateRead;
}

function together(reads: readonly MemberRead[], environment: Step): CandidateRead {
  const proved = reads.flatMap(({ read }) => (read.kind === 'proved' ? [read.candidate] : []));
  const others = reads.flatMap(({ member, read }) => (read.kind === 'unproved' ? [{ member, ...read }] : []));
  if (proved.length === 0) {
    const bad = others.flatMap(({ badSinceMs }) => badSinceMs ?? []);
    const why = reason(
      bad.length > 0 ? 'bad' : 'waiting',
      `No application of the group proves a candidate for ${environment.name}.`,
      others.map((one) => one.why),
    );
    return { kind: 'unproved', why, badSinceMs: bad.length > 0 ? Math.min(...bad) : undefined };
  }
  const artifacts = proved.flatMap((candidate) => candidate.artifacts);
  const candidate: Candidate = {
    from: [...new Set(proved.flatMap(({ from }) => from))],
    artifacts,
    hash: hashVersions(artifacts),
    proofs: proved.flatMap(({ proofs }) => proofs),
    leftOut: [
      ...proved.flatMap(({ leftOut }) => leftOut),
      ...others.map(({ member, why }) => memberLeftOut(member, why)),
    ],
  };
  return { kind: 'proved', candidate };
}

/** An application of a group that does not go along, and why. It is about no file, so it keeps nothing else back. */
export function memberLeftOut(member: string, why: Reason): FileRefusal {
  const text = describeReason(why).replaceAll(/\s*\n\s*/gu, ' ');
  return { slot: `${member}:`, path: member, line: undefined, reason: text, code: 'member' };
}

/** An environment as one application comes into it. */
type Step = Pick<Environment, 'name' | 'after'>;

function candidateOf(parents: readonly EnvironmentState[], environment: Step): CandidateRead {
  const reads = parents.flatMap((parent) => parent.targets.map((target) => readTarget(parent, target)));
  const failures = reads.flatMap((read) => (read.kind === 'unproved' ? [read] : []));
  const empty = parents.filter(({ targets }) => targets.length === 0);
  const missing = empty.map(({ environment: { name } }) => waiting(`${name} has no targets.`));
  if (failures.length + missing.length > 0 || reads.length === 0)
    return unproved([...failures, ...missing], environment);
  const proved = reads.flatMap((read) => (read.kind === 'proved' ? [read] : []));
  return agree(proved, environment);
}

interface ProvedTarget {
  readonly kind: 'proved';
  readonly versions: readonly SlotVersion[];
  readonly refusals: readonly FileRefusal[];
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
  if (parent.unavailable !== undefined) return waiting(parent.unavailable);
  if (evidence === undefined) return waiting(`${place} has not reported yet. ${awaiting(target.awaited)}`);
  const { report } = evidence;
  if (report.state !== 'healthy') return notHealthy(place, evidence);
  if (report.revision === undefined) return waiting(`${place} reported no revision.`);
  if (synced === undefined)
    return waiting(`${place} reported revision ${report.revision}, which the repo does not have.`);
  if (!synced.onBranch) {
    const reported = `${place} reported revision ${shortRevision(report.revision)}`;
    const { branch } = parent.environment;
    if (branch === undefined) return waiting(`${reported}, which is not on the default branch.`);
    return waiting(`${reported}, which is not on the branch ${branch}.`);
  }
  const read = withoutEmptyFolder(readVersions(target.spec, synced.files));
  const versions = unrefused(read.versions, read.refusals);
  if (versions.length === 0 && read.refusals.length > 0)
    return { kind: 'unproved', why: refused(place, read.refusals), badSinceMs: undefined };
  if (versions.length === 0) return waiting(`${place} has nothing to promote at ${shortRevision(report.revision)}.`);
  const proof = {
    application: target.spec.application,
    environment: parent.environment.name,
    target: target.spec.target,
    revision: report.revision,
    repoUrl: parent.base?.repoUrl ?? '',
    evidence,
  };
  return { kind: 'proved', versions, refusals: read.refusals, proof };
}

/** A folder of the source that has none of its copied files is no reason to remove all of them elsewhere. */
function withoutEmptyFolder({ versions, refusals }: VersionsRead): VersionsRead {
  // A slot of a whole file is called by its folder and then by its path below that.
  const folderOf = ({ slot, artifact }: SlotVersion): string => slot.slice(0, slot.length - artifact.length);
  const filled = new Set(versions.filter(({ version }) => 'content' in version).map(folderOf));
  return { versions: versions.filter((one) => !isNoFile(one) || filled.has(folderOf(one))), refusals };
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

function refused(place: string, refusals: readonly FileRefusal[]): Reason {
  const children = refusals.map((refusal) => reason('refused', describeRefusal(refusal)));
  return reason('refused', `What ${place} runs cannot be read for certain.`, children);
}

function unproved(failures: readonly UnprovedTarget[], environment: Step): CandidateRead {
  const children = failures.map((failure) => failure.why);
  const bad = failures.flatMap(({ badSinceMs }) => (badSinceMs === undefined ? [] : [badSinceMs]));
  const code = bad.length > 0 ? 'bad' : children.some((child) => child.code === 'refused') ? 'refused' : 'waiting';
  const verb = environment.after.length === 1 ? 'does' : 'do';
  const parents = environment.after.join(' and ');
  const why = reason(code, `${parents} ${verb} not prove a candidate for ${environment.name}.`, children);
  return { kind: 'unproved', why, badSinceMs: bad.length > 0 ? Math.min(...bad) : undefined };
}

/** All targets must hold the same versions; one that lags makes the lane wait and is named. What one refuses moves from none. */
function agree(proved: readonly ProvedTarget[], environment: Step): CandidateRead {
  const leftOut = uniqueRefusals(proved.flatMap(({ refusals }) => refusals));
  const certain = proved.map((target) => ({ ...target, versions: unrefused(target.versions, leftOut) }));
  const [first] = certain;
  if (first === undefined) return unproved([], environment);
  if (certain.every(({ versions }) => versions.length === 0)) {
    const why = refused(environment.after.join(' and '), leftOut);
    return { kind: 'unproved', why, badSinceMs: undefined };
  }
  const different = certain.filter((other) => !sameVersions(first.versions, other.versions));
  if (different.length > 0) return disagreement(certain, environment);
  const candidate: Candidate = {
    from: environment.after,
    artifacts: first.versions,
    hash: hashVersions(first.versions),
    proofs: proved.map((target) => target.proof),
    leftOut,
  };
  return { kind: 'proved', candidate };
}

function disagreement(proved: readonly ProvedTarget[], environment: Step): CandidateRead {
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
