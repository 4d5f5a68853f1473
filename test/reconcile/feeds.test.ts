import { describe, expect, test } from 'vitest';
import type { Repo } from '../../src/domain/repo.ts';
import { HostError } from '../../src/ports/git-host.ts';
import type { LoopContext } from '../../src/reconcile/context.ts';
import { allowedSupplier, consumersOf, takersOf } from '../../src/reconcile/feeds.ts';
import { LoopUnderTest, loopConfig, loopRepo } from '../build/a-loop.ts';

const other: Repo = { installationId: 2, id: 8, owner: 'acme', name: 'config-dev' };
const name = 'acme/config-dev';

/** Two repos: the loop's own, and the other one with a configuration. */
async function twoRepos(texts: { readonly own?: string; readonly other?: string }): Promise<LoopUnderTest> {
  const loop = new LoopUnderTest();
  await loop.store.repos.put(loopRepo);
  await loop.store.repos.put(other);
  await learn(loop.context, loopRepo, texts.own);
  await learn(loop.context, other, texts.other);
  return loop;
}

async function learn({ configs }: LoopContext, repo: Repo, text = loopConfig): Promise<void> {
  await configs.learn(repo, 'a'.repeat(40), { kind: 'text', oid: `of ${repo.id}: ${text.length}`, text });
}

const feeding = (...repos: readonly string[]): string => `${loopConfig}feeds: [${repos.join(', ')}]\n`;
const taking = loopConfig.replace('dev: {}', `dev: { repo: Acme/Config-Dev }`);

describe('a repo that versions are taken from', () => {
  test('is usable when its configuration names this one, in letters of any size', async () => {
    const loop = await twoRepos({ other: feeding('ACME/config') });
    expect(await allowedSupplier('Acme/Config-Dev', loopRepo, loop.context)).toEqual({ kind: 'usable', repo: other });
  });

  test.each([
    [
      'names nobody',
      loopConfig,
      'does not let this repo take its versions: add acme/config to `feeds` in its .github/pawl.yaml.',
    ],
    ['names others', feeding('acme/config-x'), 'add acme/config to `feeds`'],
    ['has a mistake', `${feeding('acme/config')}oops: 1\n`, 'has no valid .github/pawl.yaml on its default branch'],
  ])('is not when its configuration %s', async (_, text, why) => {
    const loop = await twoRepos({ other: text });
    expect(await allowedSupplier(name, loopRepo, loop.context)).toEqual({
      kind: 'unavailable',
      why: expect.stringContaining(why),
    });
  });

  test('nor when it was renamed: its old name may be another one’s by tomorrow', async () => {
    const loop = await twoRepos({ other: feeding('acme/config') });
    await loop.store.repos.put({ ...other, name: 'renamed' });
    const context = { ...loop.context, host: { ...loop.context.host, findRepo: async () => other } };
    expect(await allowedSupplier(name, loopRepo, context)).toEqual({
      kind: 'unavailable',
      why: 'The repo acme/config-dev is called acme/renamed now: write that in .github/pawl.yaml as `repo`.',
    });
    expect(await loop.store.repos.byId(other.id)).toMatchObject({ name: 'renamed' });
  });

  test('nor when it is the repo itself, or cannot be read', async () => {
    const loop = await twoRepos({});
    expect(await allowedSupplier('acme/config', loopRepo, loop.context)).toMatchObject({
      why: "The environment's `repo` is this very repo: remove the key from .github/pawl.yaml.",
    });
    loop.context.configs.forget(other);
    loop.repo.failures.set('readConfig', new HostError('forbidden', 'Resource not accessible.'));
    expect(await allowedSupplier(name, loopRepo, loop.context)).toMatchObject({
      why: 'The repo acme/config-dev cannot be read: Resource not accessible.',
    });
    loop.repo.failures.set('readConfig', new HostError('unreachable', 'timeout'));
    await expect(allowedSupplier(name, loopRepo, loop.context)).rejects.toThrow('timeout');
  });
});

describe('a repo that versions go to', () => {
  test('takes them when each side names the other', async () => {
    const loop = await twoRepos({ own: taking, other: feeding('acme/config') });
    const verdict = loop.context.configs.known(other)?.verdict;
    const config = verdict?.ok === true ? verdict.config : undefined;
    if (config === undefined) throw new Error('the configuration is not valid');
    expect(await consumersOf(other, config, loop.context)).toEqual([loopRepo]);
    expect(await consumersOf(other, { ...config, feeds: [] }, loop.context)).toEqual([]);
    await learn(loop.context, loopRepo, loopConfig);
    expect(await consumersOf(other, config, loop.context)).toEqual([]);
  });

  test('is known as one that wants to, whether or not it may', async () => {
    const loop = await twoRepos({ own: taking });
    expect(await takersOf(other, loop.context)).toEqual([loopRepo]);
    expect(await takersOf(loopRepo, loop.context)).toEqual([]);
  });
});
