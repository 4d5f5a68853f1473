import { expect, test } from 'vitest';
import { remember } from '../../src/github/commit-files.ts';
import { createMemory } from '../../src/github/memory.ts';
import { documentFilesMax, planReads } from '../../src/github/observe-parts.ts';
import type { ObserveQuery } from '../../src/ports/git-host.ts';
import { laneQuery } from './config-repo.ts';
import { hostErrorOf, repo } from './stage.ts';

const revision = 'a'.repeat(40);
const nothing: ObserveQuery = { revisions: [], paths: [], folders: [], lanes: [] };

function names(count: number, of = 'file'): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${of}-${index}`);
}

function plan(query: Partial<ObserveQuery>, memory = createMemory()) {
  return planReads(memory, repo, { ...nothing, ...query });
}

test('an application of ordinary size fits in one document, the first time too', () => {
  const lanes = ['staging', 'prod'].map((environment) => ({
    ...laneQuery,
    lane: { application: 'web', environment },
    paths: names(6, environment),
  }));
  const revisions = ['b', 'c', 'd'].map((digit) => ({
    revision: digit.repeat(40),
    paths: names(6),
    folders: names(2),
  }));
  expect(plan({ revisions, paths: names(18), folders: names(6, 'folder'), lanes }).documents).toHaveLength(1);
});

test('nothing wanted is one document still', () => {
  expect(plan({}).documents).toHaveLength(1);
});

test.each([
  [documentFilesMax, 1],
  [documentFilesMax + 1, 2],
  [documentFilesMax * 8, 8],
])('%i files take %i documents', (files, documents) => {
  const planned = plan({ paths: names(files) }).documents;
  expect(planned).toHaveLength(documents);
  const asked = planned.flat().flatMap((part) => (part.kind === 'head' ? part.wanted.paths : []));
  expect(new Set(asked).size).toBe(files);
});

test('more than any decision needs is refused', async () => {
  const tooMany = names(documentFilesMax * 8 + 1);
  const error = await hostErrorOf(Promise.resolve().then(() => plan({ paths: tooMany })));
  expect(error.kind).toBe('refused');
  expect(error.message).toContain('2001 files');
});

test('of a revision only what memory does not hold is asked for', () => {
  const memory = createMemory();
  remember(memory, { repo, commit: revision }, { files: { a: { kind: 'missing' } }, folders: { f: undefined } });
  const asked = (paths: readonly string[], folders: readonly string[]) =>
    plan({ revisions: [{ revision, paths, folders }] }, memory)
      .documents.flat()
      .flatMap((part) => (part.kind === 'revision' ? [part.wanted] : []));
  expect(asked(['a', 'b'], ['f', 'g'])).toEqual([{ paths: ['b'], folders: ['g'] }]);
  expect(asked(['a'], ['f'])).toEqual([]);
  expect(asked([], [])).toEqual([{ paths: [], folders: [] }]);
});

test("another repo's commit of the same id is not taken from memory", () => {
  const memory = createMemory();
  remember(memory, { repo: { ...repo, id: 1 }, commit: revision }, { files: { a: { kind: 'missing' } }, folders: {} });
  const { revisions } = plan({ revisions: [{ revision, paths: ['a'], folders: [] }] }, memory);
  expect(revisions[0]?.missing.paths).toEqual(['a']);
});

test('the merges of a lane with very many files are not read in the document that reads the lane', () => {
  const mergesOf = (count: number) =>
    plan({ lanes: [{ ...laneQuery, paths: names(count) }] })
      .documents.flat()
      .flatMap((part) => (part.kind === 'lane' ? part.branches.map(({ mergesRead }) => mergesRead) : []));
  expect(mergesOf(6)).toEqual([5, 0]);
  expect(mergesOf(20)).toEqual([4, 0]);
  expect(mergesOf(60)).toEqual([0, 0]);
});
