import { expect, test } from 'vitest';
import { joinReads, presentFolders, readFiles, recall, remember } from '../../src/github/commit-files.ts';
import { blobId } from '../../src/github/files.ts';
import { createMemory } from '../../src/github/memory.ts';
import { repo } from './stage.ts';

const commit = 'a'.repeat(40);
const text = 'tag: v1\n';
const state = { kind: 'text', oid: blobId(text), text } as const;

test('fields are read in the order they were asked for', () => {
  const blob = { byteSize: text.length, isBinary: false, isTruncated: false, text };
  const fields = {
    f0: null,
    f1: { mode: 0o100644, type: 'blob', oid: state.oid, object: blob },
    d0: { object: { entries: [{ name: 'x', oid: '1' }] } },
    d1: null,
  };
  const read = readFiles(fields, { paths: ['none', 'a.yaml'], folders: ['apps', 'gone'] });
  expect(read.files).toEqual({ none: { kind: 'missing' }, 'a.yaml': state });
  expect(read.folders).toEqual({ apps: { x: '1' }, gone: undefined });
  expect(presentFolders(read.folders)).toEqual({ apps: { x: '1' } });
});

test('what was read at a commit is known there, and nowhere else', () => {
  const memory = createMemory();
  remember(memory, { repo, commit }, { files: { 'a.yaml': state }, folders: { apps: { x: '1' }, gone: undefined } });
  const wanted = { paths: ['a.yaml', 'b.yaml'], folders: ['apps', 'gone', 'more'] };
  expect(recall(memory, { repo, commit }, wanted)).toEqual({
    known: { files: { 'a.yaml': state }, folders: { apps: { x: '1' }, gone: undefined } },
    missing: { paths: ['b.yaml'], folders: ['more'] },
  });
  expect(recall(memory, { repo, commit: 'b'.repeat(40) }, wanted).missing).toEqual(wanted);
});

test('memory has an end: what was not used for longest is read again', () => {
  const memory = createMemory();
  const large = { ...state, text: 'x'.repeat(500_000) };
  for (let file = 0; file < 100; file += 1) {
    remember(memory, { repo, commit }, { files: { [`${file}.yaml`]: large }, folders: {} });
  }
  const paths = ['0.yaml', '99.yaml'];
  expect(recall(memory, { repo, commit }, { paths, folders: [] }).missing.paths).toEqual(['0.yaml']);
});

test('two reads of one commit are one', () => {
  const joined = joinReads(
    { files: { a: state }, folders: {} },
    { files: { b: { kind: 'missing' } }, folders: { f: {} } },
  );
  expect(joined).toEqual({ files: { a: state, b: { kind: 'missing' } }, folders: { f: {} } });
});
