import { describe, expect, test } from 'vitest';
import type { Tree } from '../../src/ports/git-host.ts';
import { changedPaths, Trees } from '../../src/reconcile/trees.ts';

const repo = { installationId: 1, id: 7, owner: 'acme', name: 'config' };

/** A host of trees that counts how often it is asked. */
function aHost(trees: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const asked: string[] = [];
  const readTree = async (_repo: unknown, revision: string): Promise<Tree> => {
    asked.push(revision);
    return { revision, oids: new Map(Object.entries(trees[revision] ?? {})), complete: true };
  };
  return { asked, trees: new Trees({ readTree }) };
}

describe('the trees of a repo', () => {
  test('are read once', async () => {
    const { asked, trees } = aHost({ r1: { a: '1' } });
    await trees.at(repo, 'r1');
    expect((await trees.at(repo, 'r1')).oids.get('a')).toBe('1');
    expect(asked).toEqual(['r1']);
  });

  test('are read once by two who ask at the same time', async () => {
    const { asked, trees } = aHost({ r1: { a: '1' } });
    const both = await Promise.all([trees.at(repo, 'r1'), trees.at(repo, 'r1')]);
    expect(both.map(({ oids }) => oids.get('a'))).toEqual(['1', '1']);
    expect(asked).toEqual(['r1']);
  });

  test('follow a push without a request: what it did not name stays the same', async () => {
    const { asked, trees } = aHost({ r1: { a: '1', b: '2', c: '3' } });
    const before = await trees.at(repo, 'r1');
    const after = trees.advance(repo, { before: 'r1', after: 'r2', written: ['b', 'd'], removed: ['c'] });
    expect(after === undefined ? undefined : [...changedPaths(before, after)].sort()).toEqual(['b', 'c', 'd']);
    expect(asked).toEqual(['r1']);
  });

  test('cannot follow a push from a tree that is not known', () => {
    const { trees } = aHost({});
    expect(trees.advance(repo, { before: 'r1', after: 'r2', written: ['b'], removed: [] })).toBeUndefined();
  });

  test('learn the true content of what a push wrote, in every later tree too', async () => {
    const { trees } = aHost({ r1: { a: '1' } });
    await trees.at(repo, 'r1');
    trees.advance(repo, { before: 'r1', after: 'r2', written: ['a'], removed: [] });
    trees.advance(repo, { before: 'r2', after: 'r3', written: [], removed: [] });
    trees.resolve(repo, 'r2', new Map([['a', '9']]));
    expect(trees.known(repo, 'r3')?.oids.get('a')).toBe('9');
    expect(trees.known(repo, 'r1')?.oids.get('a')).toBe('1');
  });

  test('are read after all where only a push told them', async () => {
    const { asked, trees } = aHost({ r1: { a: '1' }, r2: { a: '2' } });
    await trees.at(repo, 'r1');
    trees.advance(repo, { before: 'r1', after: 'r2', written: [], removed: [] });
    expect((await trees.at(repo, 'r2')).oids.get('a')).toBe('1');
    expect((await trees.read(repo, 'r2')).oids.get('a')).toBe('2');
    expect(asked).toEqual(['r1', 'r2']);
  });

  test('are forgotten when there are many', async () => {
    const { asked, trees } = aHost({});
    for (let index = 0; index < 30; index += 1) await trees.at(repo, `r${index}`);
    await trees.at(repo, 'r0');
    expect(asked.filter((revision) => revision === 'r0')).toHaveLength(2);
  });
});
