import type { ControllerReport } from '../harness/controllers.ts';
import { World } from '../harness/world.ts';
import type { PullView } from '../local-github/reading.ts';
import { manyApplications, type Place, versionFile } from './many-applications.ts';

/** What went otherwise than it must for a number to mean anything. */
export class UnexpectedError extends Error {
  override name = 'UnexpectedError';
}

export function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new UnexpectedError(otherwise);
}

/** A world whose config repo has many applications, and what happens in it. Deeds wait until everything is at rest. */
export class ConfigRepo {
  readonly world: World;
  readonly applications: number;
  #versions = 0;

  private constructor(world: World, applications: number) {
    this.world = world;
    this.applications = applications;
  }

  static async start(applications: number, env: Readonly<Record<string, string>> = {}): Promise<ConfigRepo> {
    return new ConfigRepo(await World.start({ files: manyApplications({ applications }), env }), applications);
  }

  get github(): World['github'] {
    return this.world.github;
  }

  get name(): string {
    return this.world.repo;
  }

  get head(): string {
    return this.github.head(this.name, 'main') ?? '';
  }

  /** A build writes a version that was never there into dev. */
  async build(application: string): Promise<{ readonly revision: string; readonly version: string }> {
    const path = versionFile(application, 'dev');
    this.#versions += 1;
    const version = `1.${this.#versions}.0`;
    const text = (this.github.file(this.name, 'main', path) ?? '').replace(/newTag: "[^"]+"/, `newTag: "${version}"`);
    const revision = this.github.commit(this.name, { files: { [path]: text }, message: `${application} ${version}` });
    await this.world.settled();
    return { revision, version };
  }

  /** Something that no application is made of is changed on the default branch. */
  async changeReadme(): Promise<string> {
    const text = this.github.file(this.name, 'main', 'README.md') ?? '';
    const revision = this.github.commit(this.name, { files: { 'README.md': `${text}\nMore.\n` } });
    await this.world.settled();
    return revision;
  }

  /** Sends a report; answers when Pawl had taken it in, epoch milliseconds. Does not wait for what it leads to. */
  async send(from: 'argocd' | 'flux', report: ControllerReport): Promise<number> {
    const { status, body } = await this.world[from].report(report);
    const atMs = Date.now();
    demand(status === 202, `Pawl answered a report with ${status}: ${body}`);
    return atMs;
  }

  async report(from: 'argocd' | 'flux', report: ControllerReport): Promise<number> {
    const atMs = await this.send(from, report);
    await this.world.settled();
    return atMs;
  }

  /** The open pull request of a lane; it must carry this version in this file. */
  opened({ application, place }: { readonly application: string; readonly place: Place }, version: string): PullView {
    const branch = `promote/${place.split('/')[0]}/${application}`;
    const open = this.github.pullRequests(this.name, 'OPEN').filter(({ head }) => head.branch.startsWith(branch));
    const [only] = open;
    demand(open.length === 1 && only !== undefined, `${open.length} pull requests are open for ${branch}.`);
    const text = this.github.file(this.name, only.head.sha, versionFile(application, place)) ?? '';
    demand(text.includes(`"${version}"`), `Pull request #${only.number} does not carry ${version}:\n${text}`);
    return only;
  }

  async merge(pull: PullView): Promise<string> {
    const head = this.github.merge(this.name, pull.number);
    await this.world.settled();
    return head;
  }

  /** Requests to GitHub from here until everything is at rest. */
  async cost(deed: () => Promise<unknown>): Promise<number> {
    const mark = this.github.mark();
    await deed();
    await this.world.settled();
    return this.github.countSince(mark);
  }

  /** Answers of the local GitHub that GitHub would not give would make every number worthless. */
  async stop(): Promise<void> {
    const { violations } = this.github;
    const faults = this.world.pawl.lines.filter((line) => line.includes('"level":50'));
    await this.world.stop();
    demand(violations.length === 0, `The local GitHub was not true to GitHub: ${violations.join('; ')}`);
    demand(faults.length === 0, `Pawl logged faults:\n${faults.join('\n')}`);
  }
}
