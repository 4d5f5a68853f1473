import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type FileState, type Folder, fileBytesMax } from '../domain/file-state.ts';

/** A file at a commit: its content when it is a text. */
export const entryFacts = `
fragment EntryFacts on TreeEntry {
  mode type oid
  object { ... on Blob { byteSize isBinary isTruncated text } }
}`;

/** The names in a folder at a commit. */
export const folderFacts = `
fragment FolderFacts on TreeEntry { object { ... on Tree { entries { name oid } } } }`;

export const entryShape = z
  .object({
    mode: z.number(),
    type: z.string(),
    oid: z.string(),
    object: z
      .object({
        byteSize: z.number().optional(),
        isBinary: z.boolean().nullish(),
        isTruncated: z.boolean().optional(),
        text: z.string().nullish(),
      })
      .nullish(),
  })
  .nullish();

export type EntryFacts = z.infer<typeof entryShape>;

export const folderShape = z
  .object({
    object: z.object({ entries: z.array(z.object({ name: z.string(), oid: z.string() })).nullish() }).nullish(),
  })
  .nullish();

const mode = { symbolicLink: 0o120000, submodule: 0o160000, executable: 0o100755 } as const;

/** What can be said of a file; only a text that is proved whole, byte for byte, is passed on. */
export function fileStateOf(entry: EntryFacts): FileState {
  if (entry == null) return { kind: 'missing' };
  const reason = obstacleOf(entry);
  const text = entry.object?.text;
  if (reason !== undefined || text == null) return { kind: 'unreadable', reason: reason ?? 'is not text' };
  return { kind: 'text', oid: entry.oid, text };
}

function obstacleOf({ mode: entryMode, type, oid, object }: NonNullable<EntryFacts>): string | undefined {
  if (entryMode === mode.symbolicLink) return 'is a symbolic link';
  if (entryMode === mode.submodule || type === 'commit') return 'is a submodule';
  if (type === 'tree') return 'is a folder';
  // GitHub's commits through GraphQL know only plain files: the mark would be lost.
  if (entryMode === mode.executable) return 'is marked executable';
  if (object == null) return 'cannot be read';
  if (object.isTruncated !== false || (object.byteSize ?? 0) > fileBytesMax) return 'is larger than 512 kB';
  if (object.isBinary === true || object.text == null) return 'is not text';
  return blobId(object.text, oid.length) === oid ? undefined : 'is not valid UTF-8';
}

/** Hex digits of a SHA-1; longer ids are SHA-256. */
const sha1Digits = 40;

/**
 * Git's id of a file with this text. GitHub shows bytes that are not UTF-8 as replacement characters and changes other encodings
 * into UTF-8: then the id differs, and writing the text back would change bytes nobody meant to change.
 */
export function blobId(text: string, digits: number = sha1Digits): string {
  const bytes = Buffer.from(text, 'utf8');
  const hash = createHash(digits === sha1Digits ? 'sha1' : 'sha256');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Names with their ids; undefined when there is no folder. */
export function folderOf(facts: z.infer<typeof folderShape>): Folder | undefined {
  const entries = facts?.object?.entries;
  return entries == null ? undefined : Object.fromEntries(entries.map(({ name, oid }) => [name, oid]));
}
