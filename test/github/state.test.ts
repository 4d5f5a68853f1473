import { afterEach, beforeEach, expect, test } from 'vitest';
import { aConfigRepo, type ConfigRepo, fullName } from './config-repo.ts';
import { hostErrorOf } from './stage.ts';

const sideBranch = 'pawl/state';

let at: ConfigRepo;

beforeEach(async () => {
  at = await aConfigRepo();
});

afterEach(async () => {
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

const write = { head: undefined, path: 'staging/web.json', text: '{}\n', message: 'web in staging: declined\n\nby bo' };
const head = () => at.github.head(fullName, sideBranch);

test('the first word makes the branch: three requests, no history of the code, signed by GitHub', async () => {
  expect(await at.cost(() => at.host.writeState(at.repo, write))).toBe(3);
  expect(at.github.files(fullName, sideBranch)).toEqual(['staging/web.json']);
  expect(at.github.log(fullName, sideBranch)).toMatchObject([
    { parents: [], author: 'pawl[bot]', verified: true, message: 'web in staging: declined\n\nby bo' },
  ]);
});

test('the next ones are one request each, on top', async () => {
  await at.host.writeState(at.repo, write);
  const before = head();
  const next = { ...write, head: before, path: 'prod/web.json', text: '{"a":1}\n' };
  expect(await at.cost(() => at.host.writeState(at.repo, next))).toBe(1);
  expect(at.github.files(fullName, sideBranch)).toEqual(['prod/web.json', 'staging/web.json']);
  expect(at.github.log(fullName, sideBranch)[0]).toMatchObject({
    parents: [before],
    author: 'pawl[bot]',
    verified: true,
    message: write.message,
  });
});

test('two who make the branch at once: one wins, the other is told', async () => {
  await at.host.writeState(at.repo, write);
  const before = head();
  expect((await hostErrorOf(at.host.writeState(at.repo, { ...write, text: 'other\n' }))).kind).toBe('moved');
  expect(head()).toBe(before);
});

test("two who write at once cannot lose each other's word", async () => {
  await at.host.writeState(at.repo, write);
  const seen = head();
  await at.host.writeState(at.repo, { ...write, head: seen, text: 'first\n' });
  expect((await hostErrorOf(at.host.writeState(at.repo, { ...write, head: seen, text: 'second\n' }))).kind).toBe(
    'moved',
  );
  expect(at.github.file(fullName, sideBranch, write.path)).toBe('first\n');
});

test('a branch that was deleted in between has moved', async () => {
  await at.host.writeState(at.repo, write);
  const seen = head();
  at.github.deleteBranch(fullName, sideBranch);
  expect((await hostErrorOf(at.host.writeState(at.repo, { ...write, head: seen }))).kind).toBe('moved');
});

test('a rule that refuses the branch is told in its words', async () => {
  at.github.failNext({
    match: '/git/refs',
    status: 422,
    body: { message: 'Repository rule violations found\n\nBranch name must match a given regex pattern' },
  });
  const error = await hostErrorOf(at.host.writeState(at.repo, write));
  expect(error.kind).toBe('forbidden');
  expect(error.message).toContain('Branch name must match');
});

test('an answer that never came is not repeated', async () => {
  await at.host.writeState(at.repo, write);
  at.github.failNext({ match: 'createCommitOnBranch', when: 'after', status: 502 });
  const next = { ...write, head: head(), text: 'next\n' };
  expect((await hostErrorOf(at.host.writeState(at.repo, next))).kind).toBe('unreachable');
  expect(at.github.log(fullName, sideBranch)).toHaveLength(2);
});
