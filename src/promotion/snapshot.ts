import type { ApplicationSpec, Config, Environment, TargetSpec } from '../config/config.ts';
import type { LaneDecisions } from '../domain/decision.ts';
import type { Files, Folder, RevisionFiles } from '../domain/file-state.ts';
import type { Lane } from '../domain/lane.ts';
import type { FileChange, MergedPromotion } from '../domain/lane-history.ts';
import type { Branch, PullRequest } from '../domain/pull-request.ts';
import type { Report } from '../domain/report.ts';

/** Everything read for one decision about one application of one config repo: a plain value. */
export interface Snapshot {
  readonly nowMs: number;
  /** The config repo, `owner/name`, and its page. */
  readonly repo: { readonly fullName: string; readonly url: string };
  /** Head of the side branch that keeps decisions, if there is one. */
  readonly stateHead: string | undefined;
  readonly config: Config;
  readonly application: string;
  /** Undefined when the configuration no longer has the application. */
  readonly spec: ApplicationSpec | undefined;
  /** Every environment of the application, in promotion order. */
  readonly environments: readonly EnvironmentState[];
  /** Every lane of the application, and those that have left the configuration but still have an open pull request. */
  readonly lanes: readonly LaneState[];
  readonly allowance: Allowance;
}

export interface EnvironmentState {
  readonly environment: Environment;
  /** The branch its files are on, the head they were read at, and the page of its repo. Undefined when it cannot be read. */
  readonly base: Base | undefined;
  /** Why it cannot be read: a sentence. */
  readonly unavailable: string | undefined;
  readonly targets: readonly TargetState[];
}

export interface Base {
  readonly branch: string;
  readonly head: string;
  readonly repoUrl: string;
}

export interface TargetState {
  readonly spec: TargetSpec;
  /** The newest report about it; undefined when there never was one. */
  readonly evidence: Evidence | undefined;
  /** What reports the configuration would recognise for it, for people. */
  readonly awaited: readonly string[];
  /** Its files at the head of its environment's branch. */
  readonly files: Files;
  readonly folders: Readonly<Record<string, Folder>>;
  /** Its files at the revision of the report; undefined without a report, or when the repo does not have the revision. */
  readonly synced: RevisionFiles | undefined;
}

export interface Evidence {
  readonly report: Report;
  /** Since when the target has not been healthy, epoch milliseconds; undefined while it is. */
  readonly badSinceMs: number | undefined;
}

export interface LaneState {
  readonly lane: Lane;
  readonly branches: readonly Branch[];
  /** Newest first. */
  readonly pullRequests: readonly PullRequest[];
  /** Newest first. */
  readonly merged: readonly MergedPromotion[];
  readonly lastChanges: Readonly<Record<string, FileChange>>;
  readonly decisions: DecisionsRead;
  /** What its newest merged pull request says already of what became of it: the key of an Outcome. */
  readonly followed: string | undefined;
}

/** What people decided about the lane, or why that cannot be trusted: then the lane stops. */
export type DecisionsRead =
  | { readonly ok: true; readonly decisions: LaneDecisions }
  | { readonly ok: false; readonly reason: string };

/** How many promotion pull requests are open in the repo and were opened within an hour, and how many may be. */
export interface Allowance {
  readonly open: { readonly now: number; readonly max: number };
  readonly recent: { readonly now: number; readonly max: number };
}
