import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aConfigRepo, branch, type ConfigRepo, fullName, stagingFile } from './config-repo.ts';
import { hostErrorOf } from './stage.ts';

let at: ConfigRepo;

beforeEach(async () => {
  at = await aConfigRepo();
});

afterEach(async () => {
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

/** What a person sees of the one promotion: its pull request and the branch. */
function seen() {
  const pulls = at.github
    .pullRequests(fullName)
    .map(({ number, state, title, body, draft }) => ({ number, state, title, body, draft }));
  const commits = at.github.head(fullName, branch) === undefined ? [] : at.github.log(fullName, branch);
  return { pulls, commits: commits.map(({ message, author, verified }) => ({ message, author, verified })) };
}

describe('a new promotion', () => {
  test('is one request: branch, commit and pull request', async () => {
    const write = await at.promotion('v2');
    const mark = at.github.mark();
    const written = await at.host.writePromotion(at.repo, write);
    expect(at.github.countSince(mark)).toBe(1);
    expect(written).toMatchObject({ number: 1, created: true, head: at.github.head(fullName, branch) });
    expect(written.url).toMatch(/\/acme\/config\/pull\/1$/);
    expect(seen().pulls).toEqual([{ number: 1, state: 'OPEN', title: 'web v2', body: 'Moves v2.', draft: false }]);
    expect(seen().commits[0]).toEqual({
      message: 'Promote web v2 to staging\n\nFrom dev.\n\nPawl-Candidate: hash-v2',
      author: 'pawl[bot]',
      verified: true,
    });
    expect(at.github.diff(fullName, 1)).toContain('-tag: v1\n+tag: v2');
  });

  test('keeps every byte of a file', async () => {
    const text = '# schön ✓ 🎉\r\ntag: "v2"   \r\n\tno end of line';
    await at.host.writePromotion(at.repo, { ...(await at.promotion('v2')), files: { [stagingFile]: text } });
    expect(at.github.file(fullName, branch, stagingFile)).toBe(text);
  });

  test('can be a draft', async () => {
    const write = await at.promotion('v2', { draft: true });
    expect(await at.cost(() => at.host.writePromotion(at.repo, write))).toBe(1);
    expect(at.github.pullRequest(fullName, 1).draft).toBe(true);
  });

  test('on a branch left over from an earlier one starts the branch anew', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    at.github.merge(fullName, 1, { method: 'squash', by: at.person });
    const write = await at.promotion('v3');
    expect(await at.cost(() => at.host.writePromotion(at.repo, write))).toBe(1);
    expect(seen().pulls.map(({ state, title }) => [state, title])).toEqual([
      ['MERGED', 'web v2'],
      ['OPEN', 'web v3'],
    ]);
    expect(at.github.log(fullName, branch)[0]?.parents).toEqual([at.github.head(fullName, 'main')]);
  });
});

describe('an open promotion', () => {
  test('takes a newer candidate on a newer base, and stays open', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    at.github.commit(fullName, { files: { 'README.md': 'hello\n' } });
    const write = await at.promotion('v3');
    const mark = at.github.mark();
    const written = await at.host.writePromotion(at.repo, write);
    expect(at.github.countSince(mark)).toBe(3);
    expect(written).toMatchObject({ number: 1, created: false, head: at.github.head(fullName, branch) });
    expect(seen().pulls).toEqual([{ number: 1, state: 'OPEN', title: 'web v3', body: 'Moves v3.', draft: false }]);
    expect(at.github.pullRequest(fullName, 1).timeline.join()).not.toContain('closed');
    expect(at.github.diff(fullName, 1)).toContain('-tag: v1\n+tag: v3');
    expect(seen().commits[0]).toMatchObject({ author: 'pawl[bot]', verified: true });
    expect(at.github.log(fullName, branch)[0]?.parents).toEqual([at.github.head(fullName, 'main')]);
  });

  test('becomes a draft, and ready again, when that changes', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    await at.host.writePromotion(at.repo, await at.promotion('v3', { draft: true }));
    expect(at.github.pullRequest(fullName, 1).draft).toBe(true);
    await at.host.writePromotion(at.repo, await at.promotion('v4', { draft: false }));
    expect(at.github.pullRequest(fullName, 1).draft).toBe(false);
  });

  test("with a person's commit on its branch is left alone", async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    const write = await at.promotion('v3');
    const theirs = at.github.commit(fullName, { branch, files: { [stagingFile]: 'tag: mine\n' }, by: at.person });
    const error = await hostErrorOf(at.host.writePromotion(at.repo, write));
    expect(error.kind).toBe('moved');
    expect(at.github.head(fullName, branch)).toBe(theirs);
  });

  test('that was closed in the meantime is left alone', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    const write = await at.promotion('v3');
    at.github.close(fullName, 1, { by: at.person });
    expect((await hostErrorOf(at.host.writePromotion(at.repo, write))).kind).toBe('moved');
    expect(at.github.pullRequest(fullName, 1).state).toBe('CLOSED');
  });

  test('whose branch vanished is left alone', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    const write = await at.promotion('v3');
    at.github.deleteBranch(fullName, branch);
    expect((await hostErrorOf(at.host.writePromotion(at.repo, write))).kind).toBe('moved');
    expect(at.github.branches(fullName)).toEqual(['main']);
  });
});

describe('what another run left half-done', () => {
  test('a branch without its commit', async () => {
    const write = await at.promotion('v2');
    at.github.createBranch(fullName, branch, { by: at.app });
    expect(await at.cost(() => at.host.writePromotion(at.repo, write))).toBe(1);
    expect(seen().pulls).toMatchObject([{ number: 1, state: 'OPEN' }]);
    expect(seen().commits[0]?.message).toContain('Promote web v2');
  });

  test('a branch without its commit that was seen', async () => {
    at.github.createBranch(fullName, branch, { by: at.app });
    const write = await at.promotion('v2');
    expect(write.expected).toBe(at.github.head(fullName, 'main'));
    expect(await at.cost(() => at.host.writePromotion(at.repo, write))).toBe(1);
    expect(seen().pulls).toMatchObject([{ number: 1, state: 'OPEN' }]);
  });

  test('a branch with its commit, but without the pull request: the same is not pushed twice', async () => {
    const write = await at.promotion('v2');
    at.github.failNextMutation('createPullRequest', { type: 'INTERNAL', message: 'Something went wrong', times: 3 });
    expect((await hostErrorOf(at.host.writePromotion(at.repo, write))).kind).toBe('unreachable');
    const head = at.github.head(fullName, branch);
    at.github.clearFaults();
    const mark = at.github.mark();
    const written = await at.restarted().writePromotion(at.repo, write);
    expect(written).toMatchObject({ head, number: 1 });
    expect(at.github.head(fullName, branch)).toBe(head);
    // A token, the ids a new process does not know, the write and the look that finds the commit.
    expect(at.github.countSince(mark)).toBe(4);
  });

  test('all of it: the pull request is adopted and brought in line', async () => {
    const write = await at.promotion('v2');
    await at.host.writePromotion(at.repo, write);
    at.github.edit(fullName, 1, { title: 'my title', by: at.person });
    const written = await at.host.writePromotion(at.repo, write);
    expect(written).toMatchObject({ number: 1, created: false });
    expect(seen().pulls).toEqual([{ number: 1, state: 'OPEN', title: 'web v2', body: 'Moves v2.', draft: false }]);
  });
});

describe('an answer that never came', () => {
  test.each([
    { name: '502 after the effect', fault: { when: 'after', status: 502, body: '<html>oops</html>' } },
    { name: 'the connection broke after the effect', fault: { when: 'after', close: true } },
  ] as const)('$name: what is there is found', async ({ fault }) => {
    const promotion = await at.promotion('v2');
    at.github.failNext({ match: /createPullRequest/, ...fault });
    const mark = at.github.mark();
    const written = await at.host.writePromotion(at.repo, promotion);
    expect(at.github.countSince(mark)).toBe(2);
    expect(written).toMatchObject({ number: 1, created: true });
    expect(seen().pulls).toHaveLength(1);
    expect(at.github.log(fullName, branch)).toHaveLength(2);
  });

  test.each([
    { name: '502 before the effect', fault: { status: 502, body: '<html>oops</html>' } },
    { name: 'the connection broke before the effect', fault: { close: true } },
  ] as const)('$name: it is done after all', async ({ fault }) => {
    const promotion = await at.promotion('v2');
    at.github.failNext({ match: /createPullRequest/, ...fault });
    const mark = at.github.mark();
    expect(await at.host.writePromotion(at.repo, promotion)).toMatchObject({ number: 1, created: true });
    expect(at.github.countSince(mark)).toBe(3);
  });

  test('an open promotion whose move got through', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    const promotion = await at.promotion('v3');
    at.github.failNext({ match: /updateRefs/, when: 'after', status: 504 });
    const mark = at.github.mark();
    const written = await at.host.writePromotion(at.repo, promotion);
    expect(at.github.countSince(mark)).toBe(4);
    expect(written.head).toBe(at.github.head(fullName, branch));
    expect(seen().pulls).toMatchObject([{ state: 'OPEN', title: 'web v3' }]);
  });

  test('GitHub that stays away is given up after a few tries', async () => {
    const promotion = await at.promotion('v2');
    at.github.failNext({ match: /createPullRequest/, status: 502, times: 10 });
    const mark = at.github.mark();
    expect((await hostErrorOf(at.host.writePromotion(at.repo, promotion))).kind).toBe('unreachable');
    expect(at.github.countSince(mark)).toBe(6);
  });

  test('a look back that sees an older state does no harm', async () => {
    const promotion = await at.promotion('v2');
    at.github.failNext({
      match: /createPullRequest/,
      when: 'after',
      status: 502,
      run: () => {
        at.github.settings.staleReads = 1;
      },
    });
    await at.host.writePromotion(at.repo, promotion).catch(() => undefined);
    at.github.settings.staleReads = 0;
    expect(seen().pulls).toHaveLength(1);
    expect(at.github.log(fullName, branch).filter(({ message }) => message.includes('v2'))).toHaveLength(1);
  });
});

describe('somebody else on the branch', () => {
  test("a person's branch of the same name: the pull request GitHub opened all the same is closed", async () => {
    const write = await at.promotion('v2');
    at.github.createBranch(fullName, branch, { by: at.person });
    const theirs = at.github.commit(fullName, { branch, files: { [stagingFile]: 'tag: mine\n' }, by: at.person });
    const error = await hostErrorOf(at.host.writePromotion(at.repo, write));
    expect(error.kind).toBe('moved');
    expect(at.github.head(fullName, branch)).toBe(theirs);
    expect(seen().pulls.map(({ state }) => state)).toEqual(['CLOSED']);
  });

  test("a person's pull request from the branch is named, for them to close", async () => {
    at.github.createBranch(fullName, branch, { by: at.app });
    at.github.commit(fullName, { branch, files: { 'notes.md': 'mine\n' }, by: at.person });
    at.github.open(fullName, { title: 'mine', head: branch, by: at.person });
    const write = { ...(await at.promotion('v2')), expected: at.github.head(fullName, branch) };
    const error = await hostErrorOf(at.host.writePromotion(at.repo, write));
    expect(error.kind).toBe('forbidden');
    expect(error.message).toContain('Pull request #1');
  });

  test('a commit just like ours, but made by a person, is not taken for ours', async () => {
    const write = await at.promotion('v2');
    at.github.createBranch(fullName, branch, { by: at.person });
    const message = `${write.commit.headline}\n\n${write.commit.body}`;
    const files = Object.fromEntries(Object.entries(write.files).map(([path, text]) => [path, text ?? null]));
    at.github.commit(fullName, { branch, files, message, by: at.person });
    expect((await hostErrorOf(at.host.writePromotion(at.repo, write))).kind).toBe('moved');
  });
});

describe('refusals', () => {
  test('a rule of the repo is named', async () => {
    const message = 'Repository rule violations found\n\nCannot create ref due to creations being restricted.';
    at.github.failNextMutation('createRef', { message });
    const write = await at.promotion('v2');
    const error = await hostErrorOf(at.host.writePromotion(at.repo, write));
    expect(error.kind).toBe('forbidden');
    expect(error.message).toContain('Cannot create ref due to creations being restricted.');
    expect(seen().pulls).toEqual([]);
  });

  test('an archived repo', async () => {
    const write = await at.promotion('v2');
    at.github.archive(fullName);
    expect((await hostErrorOf(at.host.writePromotion(at.repo, write))).kind).toBe('forbidden');
  });

  test('a pull request that GitHub will not have is told in its words, at once', async () => {
    at.github.failNextMutation('createPullRequest', { message: 'body is too long (maximum is 65536 characters)' });
    const write = await at.promotion('v2');
    const mark = at.github.mark();
    const error = await hostErrorOf(at.host.writePromotion(at.repo, write));
    expect(error.kind).toBe('refused');
    expect(error.message).toContain('body is too long');
    expect(at.github.countSince(mark)).toBe(1);
  });

  test('a plan without drafts gets a pull request that is none, and is not asked again', async () => {
    const message = 'Draft pull requests are not supported in this repository.';
    at.github.failNextMutation('createPullRequest', { message });
    const write = await at.promotion('v2', { draft: true });
    const mark = at.github.mark();
    expect(await at.host.writePromotion(at.repo, write)).toMatchObject({ number: 1, created: true });
    expect(at.github.countSince(mark)).toBe(2);
    expect(at.github.pullRequest(fullName, 1).draft).toBe(false);
    const again = await at.promotion('v3', { draft: true });
    expect(await at.cost(() => at.host.writePromotion(at.repo, again))).toBe(3);
  });

  test.each([
    ['Draft pull requests are not supported in this repository.', false],
    ['pawl does not have permission to convert the pull request PR_1 to draft.', false],
    ['Pull request is closed.', true],
  ])('asks for a draft again after "%s": %s', async (message, asks) => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    at.github.failNextMutation('convertPullRequestToDraft', { message });
    await at.host.writePromotion(at.repo, await at.promotion('v3', { draft: true }));
    await at.host.writePromotion(at.repo, await at.promotion('v4', { draft: true }));
    expect(at.github.pullRequest(fullName, 1).draft).toBe(asks);
  });

  test('a draft state that cannot be changed does not undo the rest', async () => {
    await at.host.writePromotion(at.repo, await at.promotion('v2'));
    at.github.failNextMutation('convertPullRequestToDraft', {
      type: 'FORBIDDEN',
      message: 'pawl does not have permission to convert the pull request to draft.',
    });
    const written = await at.host.writePromotion(at.repo, await at.promotion('v3', { draft: true }));
    expect(written.head).toBe(at.github.head(fullName, branch));
    expect(at.logged.join()).toContain('cannot be made a draft');
  });
});
