import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { By, FileChanges } from '../local-github/people.ts';
import type { PullView } from '../local-github/reading.ts';
import { type Place, targetsIn, versionFiles } from './config-repo.ts';
import type { ControllerReport } from './controllers.ts';
import { World, type WorldOptions } from './world.ts';

/** What a lane's last decision was, as the log tells it. */
export interface Decided {
  readonly code: string;
  readonly text: string;
}

export interface Bump extends Place {
  readonly from: string;
  readonly to: string;
  readonly by?: By;
  readonly message?: string;
}

/** A report about every target of an environment, or about the one named. */
export type Runs = Place & Partial<Omit<ControllerReport, 'application' | 'environment'>>;

/** What people, builds and controllers do in a world, and what a person then sees. Every deed waits until all is at rest. */
export class Story {
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  get github(): World['github'] {
    return this.world.github;
  }

  get repo(): string {
    return this.world.repo;
  }

  /** Head of the default branch. */
  get head(): string {
    return this.github.head(this.repo, 'main') ?? '';
  }

  /** Somebody pushes to the default branch. Answers the revision. */
  async push(files: FileChanges, deed: { readonly by?: By; readonly message?: string } = {}): Promise<string> {
    const revision = this.github.commit(this.repo, { files, ...deed });
    await this.world.settled();
    return revision;
  }

  /** A build or a person writes another version into every file of an environment. Answers the revision. */
  bump({ from, to, by, message, ...place }: Bump): Promise<string> {
    const files = versionFiles(place).map((path) => {
      const parts = this.file(path).split(from);
      if (parts.length !== 2) throw new Error(`${path} holds ${from} ${parts.length - 1} times`);
      return [path, parts.join(to)] as const;
    });
    const deed = { ...(by === undefined ? {} : { by }), ...(message === undefined ? {} : { message }) };
    return this.push(Object.fromEntries(files), deed);
  }

  /** Argo CD reports about an environment, at the head of the default branch unless said. */
  async runs(report: Runs): Promise<void> {
    const { target, ...rest } = report;
    for (const one of target === undefined ? targetsIn(report.environment) : [target]) {
      const place = one === undefined ? {} : { target: one };
      const sent = await this.world.argocd.report({ revision: this.head, ...rest, ...place });
      expect(sent.status, sent.body).toBe(202);
    }
    await this.world.settled();
  }

  /** A build writes a new version into dev, and Argo CD reports that it runs there. Answers the revision. */
  async release(application: string, from: string, to: string): Promise<string> {
    const revision = await this.bump({ application, environment: 'dev', from, to });
    await this.runs({ application, environment: 'dev', revision });
    return revision;
  }

  /** A person merges the pull request of a lane. Answers the merge commit. */
  async merge(place: Place, by?: By): Promise<string> {
    const commit = this.github.merge(this.repo, this.open(place).number, by === undefined ? {} : { by });
    await this.world.settled();
    return commit;
  }

  /** A person marks the draft pull request of a lane as ready. */
  async markReady(place: Place): Promise<void> {
    this.github.edit(this.repo, this.open(place).number, { draft: false });
    await this.world.settled();
  }

  async close(place: Place, by?: By): Promise<void> {
    this.github.close(this.repo, this.open(place).number, by === undefined ? {} : { by });
    await this.world.settled();
  }

  /** Text of a file on a branch; fails when there is none. */
  file(path: string, ref = 'main'): string {
    const text = this.github.file(this.repo, ref, path);
    if (text === undefined) throw new Error(`there is no ${path} at ${ref}`);
    return text;
  }

  /** Every pull request there ever was for a lane, oldest first. */
  pulls({ application, environment }: Place): readonly PullView[] {
    const branch = `promote/${environment}/${application}`;
    return this.github.pullRequests(this.repo).filter(({ head }) => head.branch.replace(/\+2$/, '') === branch);
  }

  /** The one open pull request of a lane. */
  open(place: Place): PullView {
    const open = this.pulls(place).filter(({ state }) => state === 'OPEN');
    const [only] = open;
    if (only === undefined || open.length > 1) {
      const title = `${place.application} in ${place.environment}`;
      throw new Error(`${open.length} pull requests are open for ${title}:\n${this.world.pawl.lines.join('\n')}`);
    }
    return only;
  }

  /** The newest pull request of a lane, whatever became of it. */
  newest(place: Place): PullView {
    const pull = this.pulls(place).at(-1);
    if (pull === undefined) throw new Error(`there never was a pull request:\n${this.world.pawl.lines.join('\n')}`);
    return pull;
  }

  /** How many pull requests of a lane are open. */
  openCount(place: Place): number {
    return this.pulls(place).filter(({ state }) => state === 'OPEN').length;
  }

  /** The last decision about a lane since Pawl was started. */
  decided({ application, environment }: Place): Decided {
    const lane = `${application} in ${environment}`;
    const line = logLines(this.world).findLast((one) => one['lane'] === lane && 'code' in one);
    return { code: String(line?.['code']), text: String(line?.['msg']) };
  }

  /** GitHub requests that a deed costs. */
  async cost(deed: () => Promise<unknown>): Promise<number> {
    const mark = this.github.mark();
    await deed();
    await this.world.settled();
    return this.github.countSince(mark);
  }
}

/** The log of the running process, line by line. */
export function logLines(world: World): readonly Readonly<Record<string, unknown>>[] {
  return world.pawl.lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

const errorLevel = 50;

/** What no story may leave behind: answers of the local GitHub that GitHub would not give, and faults of Pawl. */
export function expectNoFaults(world: World): void {
  expect(world.github.violations).toEqual([]);
  expect(logLines(world).filter(({ level }) => Number(level) >= errorLevel)).toEqual([]);
}

/** One world for all stories of a file: started before them, looked through after each, stopped after them. */
export function tellStories(options: WorldOptions = {}): () => Story {
  let story: Story | undefined;
  const running = (): Story => {
    if (story === undefined) throw new Error('the world has not been started');
    return story;
  };
  beforeAll(async () => {
    story = new Story(await World.start(options));
  });
  afterEach(() => {
    expectNoFaults(running().world);
  });
  afterAll(async () => {
    await story?.world.stop();
  });
  return running;
}
