import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { client } from './client.ts';
import { LocalGitHub } from './local-github.ts';
import type { AppHandle } from './people.ts';
import { permissions, type Stage, stage } from './stage.ts';

describe('a GitHub on a bad day', () => {
  let github: LocalGitHub;
  let app: AppHandle;
  let on: Stage;
  let nowMs = Date.now();

  beforeAll(async () => {
    github = await LocalGitHub.start({ now: () => nowMs });
    app = github.createApp({ slug: 'pawl', permissions, events: [], webhookSecret: 'a secret' });
  });
  afterAll(async () => {
    expect(github.violations).toEqual([]);
    await github.stop();
  });
  beforeEach(async () => {
    on = await stage(github, app, nowMs);
  });
  afterEach(() => {
    github.clearFaults();
    Object.assign(github.settings, {
      limits: {},
      staleReadMs: 0,
      staleReads: 0,
      mergeableUnknownReads: 0,
      treeEntriesMax: 100_000,
      latencyMs: 0,
    });
  });

  test('requests are counted and told apart', async () => {
    const mark = github.mark();
    await on.promote('x');
    await on.bot.rest('GET', `/repos/${on.repo}/pulls?state=open`);
    await on.bot.graphql(`{ viewer { login } rateLimit { cost } }`);
    expect(github.countSince(mark)).toBe(3);
    expect(github.requestsSince(mark)).toMatchObject([
      {
        method: 'POST',
        path: '/graphql',
        operation: 'Promote',
        fields: ['createRef', 'createCommitOnBranch', 'createPullRequest'],
        status: 200,
      },
      {
        method: 'GET',
        path: `/repos/${on.repo}/pulls?state=open`,
        operation: undefined,
        status: 200,
        actor: 'pawl[bot]',
      },
      { operation: 'viewer+rateLimit', fields: ['viewer', 'rateLimit'] },
    ]);
    const [first] = github.requestsSince(mark);
    expect(first?.requestBytes).toBeGreaterThan(500);
    expect(first?.durationMs).toBeGreaterThan(0);
  });

  test('a request can fail before it has an effect', async () => {
    github.failNext({
      match: 'createPullRequest',
      status: 502,
      body: '<html>Bad Gateway</html>',
      headers: { 'content-type': 'text/html' },
    });
    await expect(on.promote('x')).rejects.toThrow();
    expect(github.branches(on.repo)).toEqual(['main']);
    expect((await on.promote('x')).errors).toEqual([]);
  });

  test('an answer can get lost after the effect', async () => {
    github.failNext({ match: /^POST \/graphql Promote/, when: 'after', close: true });
    await expect(on.promote('x')).rejects.toThrow('fetch failed');
    expect(github.pullRequests(on.repo)).toMatchObject([{ head: { branch: 'x' }, state: 'OPEN' }]);
  });

  test('an answer can fail to come, for as long as the server lives', async () => {
    github.failNext({ match: (request) => request.path.endsWith('/pulls'), hang: true });
    const waiting = fetch(`${github.url}/repos/${on.repo}/pulls`, { signal: AbortSignal.timeout(50) });
    await expect(waiting).rejects.toThrow('timeout');
  });

  test('one field of a document can fail while the others go on', async () => {
    github.failNextMutation('createCommitOnBranch', {
      message: 'Something went wrong while executing your query.',
      type: 'INTERNAL',
    });
    const { errors } = await on.promote('x');
    expect(errors).toEqual([
      'createCommitOnBranch: INTERNAL Something went wrong while executing your query.',
      'createPullRequest: UNPROCESSABLE No commits between main and x',
    ]);
    expect(github.head(on.repo, 'x')).toBe(github.head(on.repo, 'main'));
  });

  test('somebody can come in between', async () => {
    const head = github.head(on.repo, 'main');
    github.failNext({
      match: 'createCommitOnBranch',
      run: () => github.commit(on.repo, { files: { 'a.txt': 'first\n' } }),
    });
    const late = await on.bot.graphql(`mutation { createCommitOnBranch(input: {
      branch: { repositoryNameWithOwner: "${on.repo}", branchName: "main" }, expectedHeadOid: "${head}"
      message: { headline: "Late" }, fileChanges: { additions: [{ path: "a.txt", contents: "eA==" }] }
    }) { commit { oid } } }`);
    expect(late.errors).toEqual([
      `createCommitOnBranch: STALE_DATA Expected branch to point to "${head}" but it did not.  Pull and try again.`,
    ]);
    expect(github.file(on.repo, 'main', 'a.txt')).toBe('first\n');
  });

  test('refs and lists of pull requests may lag behind, writes do not', async () => {
    const ref = async () => (await on.read('ref(qualifiedName: "refs/heads/main") { target { oid } }'))['ref'];
    const listed = async () =>
      (await on.read('pullRequests(first: 10, states: [OPEN]) { totalCount }'))['pullRequests'];
    const old = github.head(on.repo, 'main');
    github.settings.staleReads = 1;
    const late = github.commit(on.repo, { files: { 'a.txt': 'a\n' } });
    expect(await ref()).toEqual({ target: { oid: old } });
    expect(await ref()).toEqual({ target: { oid: late } });
    expect((await on.promote('x')).errors).toEqual([]);
    expect(await listed()).toEqual({ totalCount: 0 });
    expect(await listed()).toEqual({ totalCount: 1 });
    Object.assign(github.settings, { staleReads: 0, staleReadMs: 2_000 });
    github.close(on.repo, 1);
    nowMs += 1_999;
    expect(await listed()).toEqual({ totalCount: 1 });
    nowMs += 2;
    expect(await listed()).toEqual({ totalCount: 0 });
  });

  test('mergeability may not be known yet', async () => {
    github.settings.mergeableUnknownReads = 1;
    await on.promote('x');
    const read = async () => (await on.bot.rest('GET', `/repos/${on.repo}/pulls/1`)).body;
    expect(await read()).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
    github.commit(on.repo, { files: { 'a.txt': 'a\n' } });
    expect(await read()).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
    expect(await read()).toMatchObject({ mergeable: true });
  });

  test('every answer tells what is left, and a used up limit is refused the way each API does it', async () => {
    const bob = client(github, github.person('bob').token);
    github.settings.limits = { requestsPerHour: 2, graphqlPointsPerHour: 1 };
    const first = await bob.rest('GET', `/repos/${on.repo}`);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-resource': 'core',
      'x-github-request-id': expect.stringMatching(/^[0-9A-F:]+$/),
    });
    const again = await bob.rest('GET', `/repos/${on.repo}`, undefined, {
      'if-none-match': first.headers.get('etag') ?? '',
    });
    expect([again.status, again.headers.get('x-ratelimit-remaining')]).toEqual([304, '1']);
    await bob.rest('GET', `/repos/${on.repo}`);
    expect(await bob.rest('GET', `/repos/${on.repo}`)).toMatchObject({
      status: 403,
      body: { message: 'API rate limit exceeded for bob.' },
    });
    await bob.graphql('{ viewer { login } }');
    expect((await bob.graphql('{ viewer { login } }')).errors).toEqual([
      'RATE_LIMITED API rate limit exceeded for bob.',
    ]);
    nowMs += 3_600_000;
    expect((await bob.graphql('{ viewer { login } rateLimit { limit used remaining } }')).data).toMatchObject({
      rateLimit: { limit: 1, used: 1, remaining: 0 },
    });
  });

  test('making much content too fast is refused with a time to wait', async () => {
    github.settings.limits = { contentPerMinute: 2 };
    await on.promote('x');
    const comment = () => on.bot.rest('POST', `/repos/${on.repo}/issues/1/comments`, { body: 'One more' });
    const refused = await comment();
    expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining('secondary rate limit') } });
    expect(refused.headers.get('retry-after')).toBe('60');
    nowMs += 60_000;
    expect(await comment()).toMatchObject({ status: 201 });
  });

  test('many requests at once are refused where a limit is set', async () => {
    const eve = client(github, github.person('eve').token);
    Object.assign(github.settings, { limits: { concurrentRequests: 3 }, latencyMs: 30 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => eve.rest('GET', `/repos/${on.repo}`)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 403, 403]);
    expect(await eve.rest('GET', `/repos/${on.repo}`)).toMatchObject({ status: 200 });
    expect(github.requests.at(-1)?.durationMs).toBeGreaterThanOrEqual(29);
  });
});
