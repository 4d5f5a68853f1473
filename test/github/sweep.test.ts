import { afterEach, beforeEach, expect, test } from 'vitest';
import { aConfigRepo, branch, type ConfigRepo, fullName } from './config-repo.ts';

let at: ConfigRepo;

beforeEach(async () => {
  at = await aConfigRepo();
});

afterEach(async () => {
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

test('the configuration at the head, in one request', async () => {
  const mark = at.github.mark();
  expect(await at.host.readConfig(at.repo)).toMatchObject({
    head: at.github.head(fullName, 'main'),
    defaultBranch: 'main',
    config: { kind: 'text', text: 'environments: {}\n' },
  });
  expect(at.github.countSince(mark)).toBe(1);
});

test('a configuration that is a symbolic link is not followed', async () => {
  at.github.commit(fullName, { files: { '.github/pawl.yaml': { text: '../apps/x.yaml', mode: '120000' } } });
  expect((await at.host.readConfig(at.repo)).config).toEqual({ kind: 'unreadable', reason: 'is a symbolic link' });
});

test('no configuration', async () => {
  at.github.commit(fullName, { files: { '.github/pawl.yaml': null } });
  expect((await at.host.readConfig(at.repo)).config).toEqual({ kind: 'missing' });
});

test('open and closed promotions, whatever else is there, in one request', async () => {
  at.github.createBranch(fullName, 'feature');
  at.github.commit(fullName, { branch: 'feature', files: { 'x.txt': 'x' } });
  at.github.open(fullName, { title: 'not ours', head: 'feature', by: at.person });
  const write = await at.promotion('v2');
  const first = await at.host.writePromotion(at.repo, write);
  at.github.close(fullName, first.number, { by: at.person });
  const second = await at.host.writePromotion(at.repo, await at.promotion('v3'));
  const mark = at.github.mark();
  const seen = await at.host.sweep(at.repo);
  expect(at.github.countSince(mark)).toBe(1);
  expect(seen).toMatchObject({
    head: at.github.head(fullName, 'main'),
    config: { kind: 'text' },
    open: [{ number: second.number, branch, head: second.head }],
    closed: [{ number: first.number, branch }],
  });
  const shown = at.github.pullRequest(fullName, second.number);
  // GitHub tells times in whole seconds.
  expect(Math.abs((seen.open[0]?.updatedAtMs ?? 0) - shown.updatedAtMs)).toBeLessThan(1000);
  expect(seen.closed[0]?.closedAtMs).toBeGreaterThan(0);
});

test('a person who names a branch like ours does not make it ours', async () => {
  at.github.createBranch(fullName, branch);
  at.github.commit(fullName, { branch, files: { 'x.txt': 'x' } });
  at.github.open(fullName, { title: 'forged', head: branch, by: at.person });
  expect((await at.host.sweep(at.repo)).open).toEqual([]);
});

test('the heads of branches that are asked for, without those that are not there, in the same request', async () => {
  at.github.createBranch(fullName, 'env/dev');
  const head = at.github.commit(fullName, { branch: 'env/dev', files: { 'x.txt': 'x' } });
  const mark = at.github.mark();
  const seen = await at.host.sweep(at.repo, ['env/dev', 'env/gone', 'main']);
  expect(at.github.countSince(mark)).toBe(1);
  expect(seen.heads).toEqual({ 'env/dev': head, main: at.github.head(fullName, 'main') });
  expect(seen).toMatchObject({ head: seen.heads['main'], config: { kind: 'text' } });
  expect((await at.host.sweep(at.repo)).heads).toEqual({});
});
