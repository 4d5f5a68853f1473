import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGitHubClient } from '../../src/github/client.ts';
import { lookBack } from '../../src/github/look-back.ts';
import { createMemory, type GitHubContext } from '../../src/github/memory.ts';
import type { PromotionWrite } from '../../src/ports/git-host.ts';
import { aConfigRepo, branch, type ConfigRepo, devFile, fullName, stagingFile } from './config-repo.ts';

let at: ConfigRepo;
let write: PromotionWrite;
let context: GitHubContext;

beforeEach(async () => {
  at = await aConfigRepo();
  write = await at.promotion('v2');
  const ignore = (): void => undefined;
  const shell = { clock: { now: Date.now }, log: { info: ignore, warn: ignore, error: ignore } };
  const client = createGitHubClient({
    appId: at.app.id,
    privateKey: at.app.privateKeyPem,
    apiUrl: at.github.url,
    ...shell,
  });
  context = { client, memory: createMemory(), ...shell };
});

afterEach(async () => {
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

test('nothing is there', async () => {
  expect(await lookBack(context, at.repo, write)).toEqual({
    head: undefined,
    isWanted: false,
    pull: undefined,
    foreign: undefined,
  });
});

test('the commit and the pull request are there', async () => {
  const { head, number } = await at.host.writePromotion(at.repo, write);
  expect(await lookBack(context, at.repo, write)).toMatchObject({
    head,
    isWanted: true,
    pull: { number, title: 'web v2' },
  });
});

test.each<[string, (write: PromotionWrite) => PromotionWrite]>([
  ['another file content', (one) => ({ ...one, files: { [stagingFile]: 'tag: v3\n' } })],
  ['one more file', (one) => ({ ...one, files: { ...one.files, [devFile]: 'tag: v9\n' } })],
  ['another message', (one) => ({ ...one, commit: { ...one.commit, headline: 'Other' } })],
  ['another base', (one) => ({ ...one, base: { ...one.base, head: 'f'.repeat(40) } })],
])('the commit there is not the one wanted: %s', async (_, change) => {
  await at.host.writePromotion(at.repo, write);
  expect((await lookBack(context, at.repo, change(write))).isWanted).toBe(false);
});

test("somebody's pull request of the same branch is told apart", async () => {
  at.github.createBranch(fullName, branch);
  at.github.commit(fullName, { branch, files: { 'x.txt': 'x' }, by: at.person });
  const number = at.github.open(fullName, { title: 'mine', head: branch, by: at.person });
  expect(await lookBack(context, at.repo, write)).toMatchObject({
    isWanted: false,
    pull: undefined,
    foreign: { number },
  });
});
