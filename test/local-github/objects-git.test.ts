import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isVerified, signed } from './commits.ts';
import { compareCommits, isAncestor } from './history.ts';
import { mergeDisjoint } from './merge-disjoint.ts';
import { encodeCommit } from './object-format.ts';
import type { Oid } from './object-store.ts';
import { GitStore, git } from './objects-git.ts';
import { diffTrees, editTree, entryAt } from './trees.ts';

describe('objects kept in a bare Git repository', () => {
  let folder: string;
  let store: GitStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'objects-git-'));
    store = new GitStore(join(folder, 'repo.git'), 'main');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const person = { name: 'Zoë', email: 'zoe@example.com', atMs: 1_700_000_000_000 };
  const run = (...args: readonly string[]): string => git(store.folder, args).stdout.toString('utf8').trim();

  /** A commit of the files on top of the parents. */
  const commit = (files: Readonly<Record<string, string>>, parents: readonly Oid[] = []): Oid => {
    const edits = Object.entries(files).map(
      ([path, text]) =>
        [path, { mode: '100644', oid: store.write({ type: 'blob', data: Buffer.from(text) }) }] as const,
    );
    const tree = editTree(store, undefined, new Map(edits));
    return store.write(
      encodeCommit({ tree, parents, author: person, committer: person, message: 'M\n', signature: undefined }),
    );
  };

  test('Git finds nothing wrong with what is written, one by one or many at once', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`apps/app-${index}/${index % 7}/values.yaml`, `n: ${index}\n`]),
    );
    const first = store.batch(() =>
      commit({ ...many, 'big.txt': 'x'.repeat(200_000), 'a.b': '', 'a/b': 'folder', 'a-b': '' }),
    );
    const second = commit({ 'a.txt': 'alone\n' }, [first]);
    store.compareAndSwap([{ name: 'refs/heads/main', before: undefined, after: second }]);
    expect(git(store.folder, ['fsck', '--strict']).stderr).toBe('');
    expect(run('rev-parse', 'main')).toBe(second);
    expect(run('ls-tree', '-r', '--name-only', first).split('\n')).toHaveLength(504);
    expect(run('show', '-s', '--format=%an <%ae> %at', 'main')).toBe('Zoë <zoe@example.com> 1700000000');
    expect(run('cat-file', '-s', `${first}:big.txt`)).toBe('200000');
  });

  test('refs move only from where they are said to be, all or none', () => {
    const [one, two] = [commit({ a: '1' }), commit({ a: '2' })];
    expect(store.compareAndSwap([{ name: 'refs/heads/a/b', before: undefined, after: one }])).toBe(true);
    const swap = { name: 'refs/heads/a/b', before: two, after: undefined };
    expect(store.compareAndSwap([{ name: 'refs/heads/c', before: undefined, after: one }, swap])).toBe(false);
    expect(store.refs('refs/')).toEqual([{ name: 'refs/heads/a/b', oid: one }]);
    expect(
      store.compareAndSwap([
        { ...swap, before: one },
        { name: 'refs/heads/a', before: undefined, after: two },
      ]),
    ).toBe(true);
    expect(run('for-each-ref', '--format=%(refname) %(objectname)')).toBe(`refs/heads/a ${two}`);
  });

  test('edits share what they do not touch and leave no empty folder', () => {
    const tree = store.commit(commit({ 'a/b/c.txt': '1', 'a/d.txt': '2', 'e/f.txt': '3' })).tree;
    const edited = editTree(
      store,
      tree,
      new Map([
        ['a/b/c.txt', undefined],
        ['e', { mode: '100644', oid: store.write({ type: 'blob', data: Buffer.from('4') }) }],
      ]),
    );
    expect(diffTrees(store, tree, edited)).toEqual([
      { path: 'a/b/c.txt', kind: 'removed' },
      { path: 'e/f.txt', kind: 'removed' },
      { path: 'e', kind: 'added' },
    ]);
    expect(entryAt(store, edited, 'a/b')).toBeUndefined();
    expect(entryAt(store, edited, 'a/d.txt')?.oid).toBe(entryAt(store, tree, 'a/d.txt')?.oid);
  });

  test('a signature holds for its own commit only', () => {
    const key = { signingKey: randomBytes(32) };
    const parts = {
      tree: editTree(store, undefined, new Map()),
      parents: [],
      author: person,
      committer: person,
      message: 'M\n',
      signature: undefined,
    };
    const good = signed(key, parts);
    const read = (one: typeof parts | typeof good) => store.commit(store.write(encodeCommit(one)));
    expect(isVerified(key, read(good))).toBe(true);
    expect(isVerified(key, read({ ...good, message: 'Forged\n' }))).toBe(false);
    expect(isVerified({ signingKey: randomBytes(32) }, read(good))).toBe(false);
    expect(isVerified(key, read(parts))).toBe(false);
  });

  test('histories compare as Git says', () => {
    const graph = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(graph, (shape) => {
        const made: Oid[] = [];
        for (const [index, [first, second, merges]] of shape.entries()) {
          const parents = index === 0 ? [] : [made[first % index], ...(merges ? [made[second % index]] : [])];
          const known = new Set(parents.filter((one) => one !== undefined));
          made.push(commit({ n: `${index} ${Math.trunc(first)} ${second}` }, [...known]));
        }
        const [a = '', b = ''] = [made.at(-1), made.at(-2)];
        const { left, right } = compareCommits(store, a, b);
        expect(`${left.length}\t${right.length}`).toBe(run('rev-list', '--left-right', '--count', `${a}...${b}`));
        expect(isAncestor(store, b, a)).toBe(git(store.folder, ['merge-base', '--is-ancestor', b, a]).status === 0);
      }),
      { numRuns: 25 },
    );
  });

  test('comparing looks no further back than the common ancestor', () => {
    const line: Oid[] = [];
    for (let index = 0; index < 200; index += 1) line.push(commit({ n: `${index}` }, line.slice(-1)));
    const looked = new Set<Oid>();
    const counting = { commit: (oid: Oid) => store.commit(looked.add(oid).has(oid) ? oid : '') };
    const [base = '', tip = ''] = line.slice(-2);
    expect(compareCommits(counting, tip, commit({ n: 'other' }, [base]))).toMatchObject({ base, left: [{ oid: tip }] });
    expect(looked.size).toBeLessThan(10);
  });

  test('where a folder was renamed it takes Git to merge', () => {
    const long = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    const root = commit({ 'old/a': `a\n${long}`, 'old/b': `b\n${long}` });
    const renamed = commit({ 'new/a': `a\n${long}`, 'new/b': `b\n${long}` }, [root]);
    const added = commit({ 'old/a': `a\n${long}`, 'old/b': `b\n${long}`, 'old/c': 'c\n' }, [root]);
    expect(mergeDisjoint(store, renamed, added)).toBeUndefined();
    expect(store.merge(renamed, added).kind).toBe('conflict');
  });

  test('a merge found by looking at the files is the one Git makes', () => {
    const names = ['a', 'b', 'f/x', 'f/y', 'f', 'g/h/i'];
    const side = fc.dictionary(fc.constantFrom(...names), fc.option(fc.constantFrom('1\n', '2\n', '3\n')), {
      maxKeys: 3,
    });
    let found = 0;
    fc.assert(
      fc.property(side, side, (ours, theirs) => {
        const base = { a: '0\n', b: '0\n', 'f/x': '0\n', 'g/h/i': '0\n' };
        const root = commit(base);
        const change = (edits: Readonly<Record<string, string | null>>): Oid => {
          const edit = Object.entries(edits).map(([path, text]) => {
            const blob =
              text === null
                ? undefined
                : { mode: '100644', oid: store.write({ type: 'blob', data: Buffer.from(text) }) };
            return [path, blob] as const;
          });
          const tree = editTree(store, store.commit(root).tree, new Map(edit));
          return store.write(
            encodeCommit({
              tree,
              parents: [root],
              author: person,
              committer: person,
              message: 'M\n',
              signature: undefined,
            }),
          );
        };
        const [left, right] = [change(ours), change(theirs)];
        const tree = mergeDisjoint(store, left, right);
        if (tree === undefined) return;
        found += 1;
        expect(store.merge(left, right)).toEqual({ kind: 'clean', tree });
      }),
      { numRuns: 40 },
    );
    expect(found).toBeGreaterThan(5);
  });
});
