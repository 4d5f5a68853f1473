import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PullRequestChange } from '../../src/ports/git-host.ts';
import { aConfigRepo, branch, type ConfigRepo, fullName } from './config-repo.ts';
import { hostErrorOf } from './stage.ts';

let at: ConfigRepo;
let pull: { readonly id: string; readonly number: number };

beforeEach(async () => {
  at = await aConfigRepo();
  const { number } = await at.host.writePromotion(at.repo, await at.promotion('v2'));
  pull = { number, id: at.github.pullRequest(fullName, number).nodeId };
});

afterEach(async () => {
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

function change(what: Omit<PullRequestChange, 'id' | 'number'>): Promise<void> {
  return at.host.changePullRequest(at.repo, { ...pull, ...what });
}

const seen = () => at.github.pullRequest(fullName, pull.number);
const head = () => at.github.head(fullName, branch) ?? '';

test('title and body', async () => {
  expect(await at.cost(() => change({ title: 'new', body: 'text' }))).toBe(1);
  expect(seen()).toMatchObject({ title: 'new', body: 'text' });
  await change({ body: 'only the text' });
  expect(seen()).toMatchObject({ title: 'new', body: 'only the text' });
});

test('nothing to change costs nothing', async () => {
  expect(await at.cost(() => change({}))).toBe(0);
});

test('draft and back', async () => {
  await change({ draft: true });
  expect(seen().draft).toBe(true);
  await change({ draft: false });
  expect(seen().draft).toBe(false);
});

test('everything but the comment is one request; the comment comes before the end', async () => {
  const all = { title: 'bye', comment: 'why', close: true, deleteBranch: { name: branch, head: head() } };
  expect(await at.cost(() => change(all))).toBe(2);
  expect(seen()).toMatchObject({ title: 'bye', state: 'CLOSED', comments: [{ body: 'why', author: 'pawl[bot]' }] });
  const { comments, closedAtMs, timeline } = seen();
  expect(comments[0]?.createdAtMs).toBeLessThanOrEqual(closedAtMs ?? 0);
  expect(timeline.join()).toContain('closed by pawl[bot]');
  expect(at.github.branches(fullName)).toEqual(['main']);
});

test('a branch somebody pushed to is not deleted', async () => {
  const before = head();
  const theirs = at.github.commit(fullName, { branch, files: { 'x.txt': 'mine' }, by: at.person });
  await change({ close: true, deleteBranch: { name: branch, head: before } });
  expect(seen().state).toBe('CLOSED');
  expect(head()).toBe(theirs);
  expect(at.logged.join()).toContain('The branch stays where it is.');
});

test('a branch that is gone already is no failure', async () => {
  const before = head();
  at.github.deleteBranch(fullName, branch);
  await change({ deleteBranch: { name: branch, head: before } });
});

test('open again', async () => {
  await change({ close: true });
  await change({ reopen: true });
  expect(seen().state).toBe('OPEN');
});

test('a comment alone is one request', async () => {
  expect(await at.cost(() => change({ comment: 'hello' }))).toBe(1);
  expect(seen()).toMatchObject({ state: 'OPEN', comments: [{ body: 'hello' }] });
});

test.each(['a field', 'the way'])(
  'a reason that got lost on %s is said before the end, at the next try',
  async (where) => {
    if (where === 'a field')
      at.github.failNextMutation('addComment', { type: 'INTERNAL', message: 'Something went wrong' });
    else at.github.failNext({ match: 'addComment', status: 502 });
    const all = { body: 'Failed.', comment: 'why', close: true, deleteBranch: { name: branch, head: head() } };
    expect((await hostErrorOf(change(all))).kind).toBe('unreachable');
    expect(seen()).toMatchObject({ state: 'OPEN', body: 'Moves v2.', comments: [] });
    expect(at.github.branches(fullName)).toContain(branch);
    await change(all);
    expect(seen()).toMatchObject({ state: 'CLOSED', body: 'Failed.', comments: [{ body: 'why' }] });
  },
);

const draftless = [
  'Draft pull requests are not supported in this repository.',
  'pawl does not have permission to convert the pull request PR_1 to draft.',
] as const;

test.each(draftless)('a plan without drafts does not undo the rest, and is not asked again: %s', async (message) => {
  at.github.failNextMutation('convertPullRequestToDraft', { type: 'FORBIDDEN', message, times: 2 });
  await change({ title: 'new', draft: true });
  expect(seen()).toMatchObject({ title: 'new', draft: false });
  expect(at.logged.join()).toContain('takes no draft pull requests');
  expect(await at.cost(() => change({ draft: true }))).toBe(0);
  expect(await at.cost(() => change({ title: 'newer', draft: true }))).toBe(1);
  expect(seen()).toMatchObject({ title: 'newer', draft: false });
});

test.each([
  ['that passes', { type: 'INTERNAL', message: 'Something went wrong' }, 'unreachable'],
  ['of permissions', { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }, 'forbidden'],
  ['without a reason known', { message: 'Pull request is closed.' }, 'moved'],
] as const)('a draft state that is refused for a reason %s is told, and asked for again', async (_, fault, kind) => {
  at.github.failNextMutation('convertPullRequestToDraft', fault);
  expect((await hostErrorOf(change({ title: 'new', draft: true }))).kind).toBe(kind);
  expect(seen()).toMatchObject({ title: 'new', draft: false });
  await change({ draft: true });
  expect(seen().draft).toBe(true);
});

test.each([
  ['updatePullRequest', { title: 'x' }, 'refused'],
  ['addComment', { comment: 'x', close: true }, 'refused'],
  ['convertPullRequestToDraft', { draft: true }, 'moved'],
  ['reopenPullRequest', { reopen: true }, 'refused'],
  ['closePullRequest', { close: true }, 'moved'],
] as const)('what %s refuses is told', async (field, what, kind) => {
  at.github.failNextMutation(field, { message: 'GitHub will not' });
  const error = await hostErrorOf(change(what));
  expect(error.kind).toBe(kind);
  expect(error.message).toContain('GitHub will not');
});

test('an answer that never came is not asked for again: a comment would stand there twice', async () => {
  at.github.failNext({ match: 'addComment', when: 'after', status: 502 });
  expect((await hostErrorOf(change({ comment: 'once' }))).kind).toBe('unreachable');
  expect(seen().comments).toHaveLength(1);
});
