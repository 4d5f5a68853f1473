import type { Lane } from '../../src/domain/lane.ts';
import type { Repo } from '../../src/domain/repo.ts';
import { createGitHost } from '../../src/github/git-host.ts';
import type { GitHost, LaneQuery, Observation, PromotionWrite } from '../../src/ports/git-host.ts';
import { LocalGitHub } from '../local-github/local-github.ts';
import type { AppHandle, Person } from '../local-github/people.ts';

export const lane: Lane = { application: 'web', environment: 'staging' };
export const branch = 'promote/staging/web';
export const devFile = 'apps/web/dev/values.yaml';
export const stagingFile = 'apps/web/staging/values.yaml';
export const fullName = 'acme/config';

export const laneQuery: LaneQuery = { lane, paths: [stagingFile], statePath: 'staging/web.json' };

/** A config repo on the local GitHub, and the adapter looking at it. */
export interface ConfigRepo {
  readonly github: LocalGitHub;
  readonly app: AppHandle;
  readonly host: GitHost;
  readonly repo: Repo;
  readonly person: Person;
  readonly logged: readonly string[];
  /** A process that was started anew: it remembers nothing. */
  restarted(): GitHost;
  /** Requests that a call costs, once there is a token. */
  cost(call: () => Promise<unknown>): Promise<number>;
  /** What the loop would see of the one lane. */
  look(): Promise<Observation>;
  /** The promotion of `version` as the loop would ask for it after a look. */
  promotion(version: string, change?: Partial<PromotionWrite['pullRequest']>): Promise<PromotionWrite>;
}

export const permissions = { contents: 'write', pull_requests: 'write', checks: 'write', metadata: 'read' } as const;

export async function aConfigRepo(): Promise<ConfigRepo> {
  const github = await LocalGitHub.start();
  const app = github.createApp({ slug: 'pawl', permissions, events: [], webhookSecret: 's'.repeat(32) });
  const { id } = github.createRepo({
    owner: 'acme',
    name: 'config',
    files: {
      '.github/pawl.yaml': 'environments: {}\n',
      [devFile]: 'tag: v2\n',
      [stagingFile]: 'tag: v1\n',
    },
  });
  const installationId = github.install(app, 'acme', ['config']);
  const repo = { installationId, id, owner: 'acme', name: 'config' };
  const logged: string[] = [];
  const host = hostFor(github, app, logged);
  await host.readConfig(repo);
  const look = (): Promise<Observation> =>
    host.observe(repo, { revisions: [], paths: [stagingFile], folders: [], lanes: [laneQuery] });
  return {
    github,
    app,
    host,
    repo,
    logged,
    person: github.person('bo'),
    restarted: () => hostFor(github, app, logged),
    async cost(call) {
      const mark = github.mark();
      await call();
      return github.countSince(mark);
    },
    look,
    async promotion(version, change = {}) {
      const seen = await look();
      const [own] = seen.lanes[0]?.branches ?? [];
      const existing = seen.lanes[0]?.pullRequests.find(({ state }) => state === 'open');
      return {
        branch,
        base: { branch: seen.defaultBranch, head: seen.head },
        expected: own?.head,
        files: { [stagingFile]: `tag: ${version}\n` },
        commit: { headline: `Promote web ${version} to staging`, body: `From dev.\n\nPawl-Candidate: hash-${version}` },
        pullRequest: { existing, title: `web ${version}`, body: `Moves ${version}.`, draft: false, ...change },
      };
    },
  };
}

function hostFor(github: LocalGitHub, app: AppHandle, logged: string[]): GitHost {
  const note = (facts: object, sentence: string): void => {
    logged.push(`${sentence} ${JSON.stringify(facts)}`);
  };
  return createGitHost({
    appId: app.id,
    privateKey: app.privateKeyPem,
    apiUrl: github.url,
    log: { info: note, warn: note, error: note },
    clock: { now: Date.now },
    sleep: async () => undefined,
    timeoutMs: 5000,
  });
}
