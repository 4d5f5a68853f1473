import { expect, test } from 'vitest';
import { blobId, type EntryFacts, fileStateOf, folderOf } from '../../src/github/files.ts';

const text = 'tag: v1\n';
const blob = { byteSize: 8, isBinary: false, isTruncated: false, text };
const entry = { mode: 0o100644, type: 'blob', oid: blobId(text), object: blob };

test('a text is passed on with its id', () => {
  expect(fileStateOf(entry)).toEqual({ kind: 'text', oid: blobId(text), text });
  expect(fileStateOf({ ...entry, oid: blobId(text, 64) })).toMatchObject({ kind: 'text' });
});

test("ids are Git's own", () => {
  // As `printf 'hello\n' | git hash-object --stdin` says.
  expect(blobId('hello\n')).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  expect(blobId('')).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
});

test.each<[string, EntryFacts, string]>([
  ['a symbolic link', { ...entry, mode: 0o120000 }, 'is a symbolic link'],
  ['a submodule', { ...entry, mode: 0o160000, type: 'commit', object: null }, 'is a submodule'],
  ['a folder', { ...entry, mode: 0o40000, type: 'tree', object: {} }, 'is a folder'],
  ['an executable', { ...entry, mode: 0o100755 }, 'is marked executable'],
  ['a text GitHub cut', { ...entry, object: { ...blob, isTruncated: true } }, 'is larger than 512 kB'],
  ['a large text', { ...entry, object: { ...blob, byteSize: 512_001 } }, 'is larger than 512 kB'],
  [
    'an answer that does not say whether it was cut',
    { ...entry, object: { byteSize: 8, text } },
    'is larger than 512 kB',
  ],
  ['binary', { ...entry, object: { ...blob, isBinary: true, text: null } }, 'is not text'],
  ['an encoding GitHub does not know', { ...entry, object: { ...blob, isBinary: null, text: null } }, 'is not text'],
  [
    'bytes shown as replacement characters',
    { ...entry, object: { ...blob, text: 'tag: \uFFFD\n' } },
    'is not valid UTF-8',
  ],
  ['another encoding shown as UTF-8', { ...entry, object: { ...blob, text: 'tag: é\n' } }, 'is not valid UTF-8'],
  ['nothing said about it', { ...entry, object: null }, 'cannot be read'],
])('%s is not read', (_, facts, reason) => {
  expect(fileStateOf(facts)).toEqual({ kind: 'unreadable', reason });
});

test('what is not there is missing', () => {
  expect(fileStateOf(null)).toEqual({ kind: 'missing' });
});

test('a folder is its names with their ids; something else is none', () => {
  expect(
    folderOf({
      object: {
        entries: [
          { name: 'a', oid: '1' },
          { name: '__proto__', oid: '2' },
        ],
      },
    }),
  ).toEqual(
    Object.fromEntries([
      ['a', '1'],
      ['__proto__', '2'],
    ]),
  );
  expect(folderOf({ object: {} })).toBeUndefined();
  expect(folderOf(null)).toBeUndefined();
});
