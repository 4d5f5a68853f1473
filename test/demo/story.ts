import type { ControllerReport, Sent } from '../harness/controllers.ts';
import type { World } from '../harness/world.ts';
import type { PullView } from '../local-github/reading.ts';

/** One promotion as it went, all of it read back from the local GitHub. */
export interface Promoted {
  readonly number: number;
  /** Milliseconds from Pawl's answer to the last report it needed until GitHub had the pull request. */
  readonly openedAfterMs: number;
}

/** Requests to GitHub that one thing that happened has caused. */
export interface Cost {
  readonly what: string;
  readonly requests: number;
}

export class UnexpectedError extends Error {
  override name = 'UnexpectedError';
}

export function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new UnexpectedError(otherwise);
}

/** What happens in the config repo of the demo, and what it costs. */
export class Story {
  readonly world: World;
  readonly costs: Cost[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** Text of a file on the default branch. */
  file(path: string): string {
    const text = this.world.github.file(this.world.repo, 'main', path);
    demand(text !== undefined, `${path} is not in ${this.world.repo}.`);
    return text;
  }

  /** Every file of the default branch, by path. */
  files(): ReadonlyMap<string, string> {
    const { github, repo } = this.world;
    return new Map(github.files(repo, 'main').map((path) => [path, this.file(path)]));
  }

  pullRequest(number: number): PullView {
    return this.world.github.pullRequest(this.world.repo, number);
  }

  /** The pull request's changes as `git diff` prints them. */
  diff(number: number): string {
    return this.world.github.diff(this.world.repo, number);
  }

  /** The build's commit: another tag in one file, nothing else. Answers the commit. */
  async build(path: string, from: string, to: string): Promise<string> {
    const before = this.file(path);
    demand(before.split(from).length === 2, `${path} does not hold ${from} once.`);
    const { github, repo } = this.world;
    const builder = github.person('build-of-web');
    const commit = github.commit(repo, {
      by: builder,
      files: { [path]: before.replace(from, to) },
      message: `web ${to}`,
    });
    await this.world.settled();
    return commit;
  }

  /** A report of Argo CD or Flux; answers when Pawl has done everything it leads to. */
  async report(from: 'argocd' | 'flux', report: ControllerReport, what: string): Promise<number> {
    const mark = this.world.github.mark();
    const sent = await this.world[from].report(report);
    const answeredAtMs = Date.now();
    accepted(sent);
    await this.world.settled();
    this.costs.push({ what, requests: this.world.github.countSince(mark) });
    return answeredAtMs;
  }

  /** The one pull request that is open now, opened since Pawl answered a report. */
  opened(answeredAtMs: number): Promoted {
    const { github, repo, pawl } = this.world;
    const open = github.pullRequests(repo, 'OPEN');
    const [only] = open;
    demand(
      open.length === 1 && only !== undefined,
      `One open pull request was expected and there are ${open.length}. The last of Pawl's log:\n${pawl.lines.slice(-5).join('\n')}`,
    );
    return { number: only.number, openedAfterMs: Math.max(0, only.createdAtMs - answeredAtMs) };
  }

  /** A person merges; answers the new head of the default branch. */
  async merge(number: number): Promise<string> {
    const { github, repo } = this.world;
    const mark = github.mark();
    const head = github.merge(repo, number);
    await this.world.settled();
    this.costs.push({ what: `#${number} is merged`, requests: github.countSince(mark) });
    return head;
  }
}

function accepted({ status, body }: Sent): void {
  demand(status === 202, `Pawl answered a report with ${status}: ${body}`);
}
