import type { Repo } from '../domain/repo.ts';
import type { Report } from '../domain/report.ts';

/**
 * What the process remembers between two looks at GitHub. All of it can be lost: that delays promotions and lets none
 * through. Every method is durable when its promise resolves.
 */
export interface Store {
  readonly inbox: Inbox;
  readonly queue: Queue;
  readonly reports: Reports;
  readonly repos: Repos;
  readonly journal: Journal;
  /** Whether the store can be written right now; for the readiness probe. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** One incoming request, verified and recorded once. `payload` is a projection: what handlers need, not the whole body. */
export interface Delivery {
  readonly id: string;
  /** `github`, `argocd` or `flux`. */
  readonly origin: 'github' | 'argocd' | 'flux';
  /** GitHub's event name; the origin's name for the others. */
  readonly event: string;
  /** Deliveries of one line are worked on one after another, those of others beside them: what is about one repo is one line. */
  readonly line: string;
  /** sha256 of the body in hex: the same id with another body is another delivery. */
  readonly bodyHash: string;
  readonly receivedAtMs: number;
  /** Name of the Argo CD instance or Flux cluster whose secret it carried. */
  readonly instance: string | undefined;
  readonly payload: unknown;
}

export interface Inbox {
  /**
   * `added`; `known` for the same id and body; `reused` for a known id with another body, which is added. One that was given up
   * on and is sent again is due again as if it were new: `added`.
   */
  add(delivery: Delivery): Promise<'added' | 'known' | 'reused'>;
  /** The oldest deliveries that are due and not in hand, taken in hand, oldest first; none of the lines in `exceptLines`. */
  take(nowMs: number, atMost: number, exceptLines?: ReadonlySet<string>): Promise<readonly TakenDelivery[]>;
  done(key: number, nowMs: number): Promise<void>;
  /** Hands it back: tried again at `dueAtMs`. */
  retry(key: number, dueAtMs: number, reason: string): Promise<void>;
  /** Gives up on it; kept with its reason. */
  bury(key: number, reason: string): Promise<void>;
  /** Makes due again what is in hand and not among `held`: whoever took it lost it. That try counts. */
  putBack(held: ReadonlySet<number>): Promise<void>;
  /** Deliveries waiting or in hand. */
  waiting(): Promise<number>;
  /** Forgets deliveries done before `beforeMs`. */
  prune(beforeMs: number): Promise<void>;
}

export interface TakenDelivery {
  readonly key: number;
  /** Tries before this one. */
  readonly attempts: number;
  readonly delivery: Delivery;
}

/** The unit of work: one application of one repo is due. */
export interface Job {
  readonly repo: Repo;
  readonly application: string;
}

export interface TakenJob {
  readonly key: string;
  readonly attempts: number;
  /** Why it is due, newest cause first, at most a few. */
  readonly causes: readonly string[];
  readonly job: Job;
}

/** Keyed by (repo, application). Equal keys coalesce; one of a key is in hand at a time. */
export interface Queue {
  /** Makes it due at `dueAtMs` at the latest; an earlier time already there is kept. */
  add(job: Job, dueAtMs: number, cause: string): Promise<void>;
  take(nowMs: number): Promise<TakenJob | undefined>;
  done(key: string): Promise<void>;
  retry(key: string, dueAtMs: number, reason: string): Promise<void>;
  bury(key: string, reason: string, nowMs: number): Promise<void>;
  /** The same as `Inbox.putBack`, for jobs. */
  putBack(held: ReadonlySet<string>): Promise<void>;
  /** When the next job or delivery is due, epoch milliseconds; undefined when none waits. */
  nextDueMs(): Promise<number | undefined>;
  /** Jobs given up on, newest first. */
  buried(): Promise<readonly BuriedJob[]>;
}

export interface BuriedJob {
  readonly key: string;
  readonly repoId: number;
  readonly application: string;
  readonly reason: string;
  readonly atMs: number;
}

/** Newest report of every subject of a repo. */
export interface Reports {
  /**
   * Records it unless one with a later time of observation is there; says what it replaced. Times may be whole seconds: of two
   * with the same time a failure (`failed`, `degraded`) counts more than the others, else the one that arrived later.
   */
  record(repoId: number, report: Report, note: ReportNote): Promise<Recorded>;
  /** Newest reports that speak for an application, or for every application. */
  of(repoId: number, application: string): Promise<readonly StoredReport[]>;
  /** Reports of a repo that nothing in its configuration recognised, newest first. */
  unrecognised(repoId: number): Promise<readonly StoredReport[]>;
  /** All of a repo's, to tie them to applications again after its configuration changed. */
  all(repoId: number): Promise<readonly StoredReport[]>;
  /** Ties a subject to the applications it speaks for. */
  assign(repoId: number, subject: string, applications: readonly string[]): Promise<void>;
  /**
   * Remembers what the files of the subject's lanes were at the revision of the report that was looked at, to know an unchanged one
   * without a look. Does nothing if a report of another revision or state has come meanwhile: that one was not looked at.
   */
  fingerprint(repoId: number, looked: LookedAt, fingerprint: string): Promise<void>;
}

export type LookedAt = Pick<Report, 'subject' | 'revision' | 'state'>;

export interface ReportNote {
  readonly receivedAtMs: number;
  /** Applications it speaks for; `*` for every one; empty when nothing recognised it. */
  readonly applications: readonly string[];
}

export interface StoredReport {
  readonly report: Report;
  readonly receivedAtMs: number;
  readonly applications: readonly string[];
  /**
   * When the subject was first reported failed or degraded since it was healthy last, by our clock; undefined before such a
   * report. A `progressing` in between neither starts nor clears it: trying again is not recovering.
   */
  readonly badSinceMs: number | undefined;
  /** Content of the subject's files at `report.revision`, if it was looked at in `report.state`. */
  readonly fingerprint: string | undefined;
}

/** `late` = an older observation than the one known: nothing changed. */
export type Recorded =
  | { readonly kind: 'late' }
  | { readonly kind: 'recorded'; readonly before: StoredReport | undefined };

/** Repos the App was seen to be installed on, and what was last known of each. */
export interface Repos {
  put(repo: Repo): Promise<void>;
  remove(repoId: number): Promise<void>;
  byId(repoId: number): Promise<Repo | undefined>;
  byName(fullName: string): Promise<Repo | undefined>;
  all(): Promise<readonly Repo[]>;
  /** Small facts about a repo that survive a restart, by name: the time of its first valid configuration, the last sweep. */
  fact(repoId: number, name: string): Promise<string | undefined>;
  setFact(repoId: number, name: string, value: string): Promise<void>;
}

/** What was done and decided, for people and for limits. */
export interface Journal {
  /** A pull request was opened. */
  opened(repoId: number, lane: string, number: number, atMs: number): Promise<void>;
  openedSince(repoId: number, sinceMs: number): Promise<number>;
  /** The last decision of every lane of an application, as JSON text that `explain` prints. */
  decided(repoId: number, application: string, decision: string, atMs: number): Promise<void>;
  decisions(
    repoId: number,
  ): Promise<readonly { readonly application: string; readonly decision: string; readonly atMs: number }[]>;
}
