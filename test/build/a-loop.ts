import { createHash } from 'node:crypto';
import { inProcessDecider } from '../../src/decider/in-process.ts';
import type { FileState, Files } from '../../src/domain/file-state.ts';
import { laneBranch } from '../../src/domain/lane.ts';
import type { PullRequest } from '../../src/domain/pull-request.ts';
import type { Report, SyncState } from '../../src/domain/report.ts';
import {
  type ConfigReport,
  type GitHost,
  HostError,
  type LaneRead,
  type Observation,
  type ObserveQuery,
  type PromotionWrite,
  type PullRequestChange,
} from '../../src/ports/git-host.ts';
import type { Store } from '../../src/ports/store.ts';
import { Configs } from '../../src/reconcile/configs.ts';
import type { LoopContext } from '../../src/reconcile/context.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { Trees } from '../../src/reconcile/trees.ts';
import { Turns } from '../../src/reconcile/turns.ts';
import { openStore } from '../../src/store/index.ts';
import { noonMs } from './a-snapshot.ts';

export const loopRepo = { installationId: 1, id: 7, owner: 'acme', name: 'config' };

export const loopConfig = `version: 1
environments:
  dev: {}
  staging: { after: dev }
applications:
  - path: apps/{application}/{environment}
    promote:
      - images: ["*"]
syncs:
  - source: argocd
    application: "{application}-{environment}"
  - source: check-run
    name: "health/{environment}"
    senders: [promoter]
    everyApplication: true
`;

type Texts = Readonly<Record<string, string>>;

function oidOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function fileOf(text: string | undefined): FileState {
  return text === undefined ? { kind: 'missing' } : { kind: 'text', oid: oidOf(text), text };
}

/** A repo in memory, as much of it as the loop asks for, with every request counted. */
export class MemoryHost {
  /** Files by revision; `head` is one of them. */
  readonly revisions = new Map<string, Texts>();
  head = '';
  /** Whether trees are listed to the end. */
  complete = true;
  /** Revisions the default branch does not contain. */
  readonly offBranch = new Set<string>();
  /** Branches that are not there. */
  readonly missingBranches = new Set<string>();
  pullRequests: PullRequest[] = [];
  branches: LaneRead['branches'] = [];
  /** Promotion pull requests that are open. */
  open: Observation['open'] = [];
  readonly requests: string[] = [];
  readonly writes: PromotionWrite[] = [];
  readonly changes: PullRequestChange[] = [];
  readonly checks: ConfigReport[] = [];
  /** Why the configuration cannot be read, if it cannot. */
  unreadable: string | undefined;
  /** Thrown by the next request of that name. */
  readonly failures = new Map<string, HostError>();

  commit(revision: string, texts: Texts): void {
    this.revisions.set(revision, texts);
    this.head = revision;
  }

  host(): GitHost {
    const ask =
      <Answer>(name: string, answer: () => Answer) =>
      async (): Promise<Answer> => {
        this.requests.push(name);
        const failure = this.failures.get(name);
        if (failure !== undefined) throw failure;
        return answer();
      };
    const config = () => ({
      head: this.head,
      defaultBranch: 'main',
      config: this.#file(this.head, '.github/pawl.yaml'),
    });
    return {
      findRepo: ask('findRepo', () => loopRepo),
      forget: () => undefined,
      listRepos: ask('listRepos', () => [loopRepo]),
      readConfig: ask('readConfig', config),
      readTree: (_repo, revision) => ask('readTree', () => this.#tree(revision))(),
      observe: (_repo, query) => ask('observe', () => this.#observe(query))(),
      sweep: ask('sweep', () => ({ ...config(), heads: {}, open: [], closed: [] })),
      writePromotion: (_repo, write) =>
        ask('writePromotion', () => {
          this.writes.push(write);
          return { head: 'f'.repeat(40), number: this.writes.length, url: 'https://x', created: true };
        })(),
      changePullRequest: (_repo, change) =>
        ask('changePullRequest', () => {
          this.changes.push(change);
        })(),
      writeState: ask('writeState', () => undefined),
      reportConfig: (_repo, report) =>
        ask('reportConfig', () => {
          this.checks.push(report);
        })(),
    };
  }

  #file(revision: string, path: string): FileState {
    if (path === '.github/pawl.yaml' && this.unreadable !== undefined)
      return { kind: 'unreadable', reason: this.unreadable };
    return fileOf(this.revisions.get(revision)?.[path]);
  }

  #files(revision: string, paths: readonly string[]): Files {
    return Object.fromEntries(paths.map((path) => [path, this.#file(revision, path)]));
  }

  #tree(revision: string) {
    const texts = this.revisions.get(revision);
    if (texts === undefined) throw new HostError('gone', `no revision ${revision}`);
    return {
      revision,
      oids: new Map(Object.entries(texts).map(([path, text]) => [path, oidOf(text)])),
      complete: this.complete,
    };
  }

  #observe(query: ObserveQuery): Observation {
    if (query.branch !== undefined && this.missingBranches.has(query.branch))
      throw new HostError('refused', `acme/config has no branch ${query.branch}`);
    const revisions = query.revisions.filter(({ revision }) => this.revisions.has(revision));
    return {
      app: 'pawl',
      url: 'https://github.com/acme/config',
      defaultBranch: 'main',
      defaultHead: this.head,
      branch: query.branch ?? 'main',
      head: this.head,
      config: this.#file(this.head, '.github/pawl.yaml'),
      files: this.#files(this.head, query.paths),
      folders: {},
      revisions: Object.fromEntries(
        revisions.map(({ revision }) => {
          const paths = revisions.filter((one) => one.revision === revision).flatMap((one) => one.paths);
          return [
            revision,
            { onBranch: !this.offBranch.has(revision), files: this.#files(revision, paths), folders: {} },
          ];
        }),
      ),
      lanes: query.lanes.map(({ lane }) => ({
        lane,
        branches: this.branches,
        pullRequests: this.pullRequests.filter(({ branch }) => this.open.length === 0 || branch === laneBranch(lane)),
        merged: [],
        lastChanges: {},
        state: { kind: 'missing' },
        stateChangedBy: undefined,
      })),
      stateHead: undefined,
      open: this.open,
    };
  }
}

/** The loop on a store in memory and a repo in memory, with a clock that stands still until it is moved. */
export class LoopUnderTest {
  readonly repo = new MemoryHost();
  readonly store: Store;
  readonly context: LoopContext;
  readonly logged: string[] = [];
  nowMs = noonMs;

  constructor(wrapStore: (store: Store) => Store = (store) => store) {
    this.store = openStore({ file: ':memory:', commitDelayMs: 0 });
    const host = this.repo.host();
    const trees = new Trees(host);
    const log = (_facts: object, sentence: string) => this.logged.push(sentence);
    this.context = {
      host,
      store: wrapStore(this.store),
      decider: inProcessDecider,
      clock: { now: () => this.nowMs },
      log: { info: log, warn: log, error: log },
      configs: new Configs(host, inProcessDecider, trees),
      trees,
      turns: new Turns(),
      webHost: 'github.com',
    };
  }

  /** Does every job that is due, and answers for which applications there was one. */
  async work(): Promise<readonly string[]> {
    const done: string[] = [];
    for (;;) {
      const taken = await this.store.queue.take(this.nowMs);
      if (taken === undefined) return done;
      await reconcile(taken.job, this.context);
      await this.store.queue.done(taken.key);
      done.push(taken.job.application);
    }
  }

  /** Requests made since the last call. */
  requests(): readonly string[] {
    return this.repo.requests.splice(0);
  }
}

export interface LoopReport {
  readonly name: string;
  readonly revision: string;
  readonly state?: SyncState;
  readonly atMs?: number;
}

/** A report of Argo CD about `<application>-<environment>`, or of a promoter about a whole environment. */
export function aLoopReport({ name, revision, state = 'healthy', atMs = noonMs - 60_000 }: LoopReport): Report {
  const every = name.startsWith('health/');
  return {
    source: every ? 'check-run' : 'argocd',
    repository: 'github.com/acme/config',
    subject: every ? `check-run:promoter:${name}` : `argocd:main:argocd/${name}`,
    fields: every ? { name, app: 'promoter' } : { application: name },
    state,
    revision,
    operation: `${name}@${revision}`,
    observedAtMs: atMs,
    healthySinceMs: undefined,
    message: state === 'healthy' ? 'Synced, Healthy' : 'not well',
    link: undefined,
    successOnly: false,
    sender: every ? 'promoter' : undefined,
  };
}

/** A kustomization of each environment with the tag it has there, and the configuration. */
export function loopFiles(tags: Readonly<Record<string, string>>): Texts {
  const files = Object.entries(tags).map(([place, tag]) => [
    `apps/${place}/kustomization.yaml`,
    `images:\n- name: web\n  newTag: ${tag}\n`,
  ]);
  return { '.github/pawl.yaml': loopConfig, ...Object.fromEntries(files) };
}
