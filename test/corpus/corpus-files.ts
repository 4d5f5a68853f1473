import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** One file of a folder of config repos. */
export interface CorpusFile {
  /** From the folder on. */
  readonly path: string;
  readonly text: string;
  /** Whether its name says that it holds YAML or JSON; else its content must say so. */
  readonly named: boolean;
}

const skippedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const extensions: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** Largest file looked at, bytes: beyond it are dumps that nobody edits, and each edit parses the file several times. */
const fileBytesMax = 4 * 1024 * 1024;

/** Every YAML and JSON file below a folder, and the files without an extension, in the order of their paths. */
export function* corpusFiles(root: string, folder: string = root): Generator<CorpusFile> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* corpusFiles(root, path);
    const named = extensions.has(extname(entry.name).toLowerCase());
    if (!entry.isFile() || !(named || extname(entry.name) === '') || statSync(path).size > fileBytesMax) continue;
    // Bytes that are no UTF-8 become U+FFFD, as they do for Pawl, which has to refuse them. The mark at the start stays.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(readFileSync(path));
    yield { path: relative(root, path), text, named };
  }
}
