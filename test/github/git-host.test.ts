import { expect, test } from 'vitest';
import { aConfigRepo } from './config-repo.ts';
import { hostErrorOf } from './stage.ts';

test('a repo that was taken away and given back is found under its new installation', async () => {
  const at = await aConfigRepo();
  expect(await at.host.findRepo('acme/config')).toEqual(at.repo);
  at.github.uninstall(at.app, 'acme');
  expect((await hostErrorOf(at.host.readConfig(at.repo))).kind).toBe('gone');
  expect(await at.host.findRepo('acme/config')).toBeUndefined();
  const installationId = at.github.install(at.app, 'acme', ['config']);
  const host = at.restarted();
  expect(await host.findRepo('acme/config')).toEqual({ ...at.repo, installationId });
  await at.github.stop();
});

test('a new process needs four requests to get to know a repo, and then two for a promotion', async () => {
  const at = await aConfigRepo();
  const mark = at.github.mark();
  const host = at.restarted();
  const repo = await host.findRepo('acme/config');
  if (repo === undefined) throw new Error('the repo was not found');
  await host.readConfig(repo);
  expect(at.github.countSince(mark)).toBe(4);
  const write = await at.promotion('v2');
  const warm = at.github.mark();
  await host.observe(repo, { revisions: [], paths: [], folders: [], lanes: [] });
  await host.writePromotion(repo, write);
  expect(at.github.countSince(warm)).toBe(2);
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});
