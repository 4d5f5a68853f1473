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

test('everything at once is one request; the comment comes before the end', async () => {
  const all = { title: 'bye', comment: 'why', close: true, deleteBranch: { name: branch, head: head() } };
  expect(await at.cost(() => change(all))).toBe(1);
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

test('a draft state that GitHub refuses does not undo the rest', async () => {
  at.github.failNextMutation('convertPullRequestToDraft', { message: 'Draft pull requests are not supported' });
  await change({ title: 'new', draft: true });
  expect(seen()).toMatchObject({ title: 'new', draft: false });
  expect(at.logged.join()).toContain('The draft state stays as it was.');
});

test.each([
  ['updatePullRequest', { title: 'x' }, 'refused'],
  ['addComment', { comment: 'x', close: true }, 'refused'],
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
