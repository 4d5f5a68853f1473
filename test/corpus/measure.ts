import { editorOf, editors } from '../../src/editors/index.ts';
import { type Choice, choose, type EditorLookup, versionFor } from './choice.ts';
import type { CorpusFile } from './corpus-files.ts';
import { judge } from './judge.ts';
import { type Classified, classify } from './refusal-classes.ts';
import { isYamlMap, scan, type VersionScalar } from './scalars.ts';
import { type NewVersion, newVersions, textWith } from './version-forms.ts';
import { versionLines } from './version-keys.ts';

/** What became of one edit. */
export type Outcome =
  | { readonly kind: 'right' }
  | { readonly kind: 'refused'; readonly why: Classified }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** One edit that was tried. */
export interface Tried {
  readonly path: string;
  readonly line: number;
  readonly at: string;
  /** Key of the editor; undefined when none sees the scalar. */
  readonly key: string | undefined;
  readonly outcome: Outcome;
  /** Time the edit took; undefined when there was none to make. */
  readonly ms: number | undefined;
}

export interface Measured {
  readonly files: number;
  /** Of those, files that are no YAML as they stand, such as templates. */
  readonly unparsed: number;
  readonly scalars: number;
  readonly tried: readonly Tried[];
}

/** Pawl's own editors. */
export const ownEditors: EditorLookup = (key) => (key in editors ? editorOf(key) : undefined);

/** Edits every version of every file once for each new version, and judges what came of it. */
export function measure(files: Iterable<CorpusFile>, lookup: EditorLookup = ownEditors): Measured {
  const tried: Tried[] = [];
  const count = { files: 0, unparsed: 0, scalars: 0 };
  for (const file of files) {
    if (!file.named && !isYamlMap(file.text)) continue;
    count.files += 1;
    const scanned = scan(file.text);
    if (scanned.ok) {
      for (const scalar of scanned.scalars) tried.push(...editsOf(file, scalar, { lookup, turn: count.scalars++ }));
    } else {
      count.unparsed += 1;
      const outcomes = versionLines(file.text).map((line) => editUnparsed(file, line, lookup));
      count.scalars += outcomes.length;
      tried.push(...outcomes);
    }
  }
  return { ...count, tried };
}

interface Turn {
  readonly lookup: EditorLookup;
  /** Number of the scalar, so that awkward versions take turns. */
  readonly turn: number;
}

function editsOf(file: CorpusFile, scalar: VersionScalar, { lookup, turn }: Turn): readonly Tried[] {
  const { path, text } = file;
  const chosen = choose({ path, text, scalar }, lookup);
  const about = { path, line: scalar.line, at: printPath(scalar) };
  const versions = newVersions(scalar.form, turn, chosen.ok ? chosen.choice.holds : 'any text');
  return versions.map((version): Tried => {
    if (chosen.ok)
      return { ...about, key: chosen.choice.key, ...edit(file, scalar, { choice: chosen.choice, version }) };
    return { ...about, key: undefined, outcome: { kind: 'refused', why: classify(chosen.refusal) }, ms: undefined };
  });
}

function printPath({ places }: VersionScalar): string {
  return places.map(({ document, segments }) => `${document}:/${segments.join('/')}`).join(' › ');
}

function edit(
  { text }: CorpusFile,
  scalar: VersionScalar,
  { choice, version }: { readonly choice: Choice; readonly version: NewVersion },
): Pick<Tried, 'outcome' | 'ms'> {
  const { editor, where, found } = choice;
  const edits = [{ artifact: found.artifact, version: versionFor(found, scalar, version) }];
  const startedAt = performance.now();
  const written = editor.write(text, where, edits);
  const ms = performance.now() - startedAt;
  if (!written.ok) return { outcome: { kind: 'refused', why: classify(written.refusals[0]) }, ms };
  const expected = textWith(scalar.text, scalar.form, version);
  const problems = [...judge({ scalar, expected, ordinary: version.ordinary, before: text, after: written.text })];
  const again = editor.write(written.text, where, edits);
  if (!again.ok || again.text !== written.text) problems.push('the same edit a second time changes something');
  return { outcome: problems.length === 0 ? { kind: 'right' } : { kind: 'wrong', problems }, ms };
}

/** A file that cannot be parsed has to be refused, whatever is asked for. */
function editUnparsed({ path, text }: CorpusFile, line: number, lookup: EditorLookup): Tried {
  const where = { keys: ['image'] };
  const written = lookup('keys')?.write(text, where, [{ artifact: 'image', version: { value: 'v9.8.7-rc.1' } }]);
  const outcome: Outcome =
    written?.ok === true
      ? { kind: 'wrong', problems: ['an edit was made though the file is no YAML'] }
      : { kind: 'refused', why: classify(written?.refusals[0]) };
  return { path, line, at: 'not parsed', key: 'keys', outcome, ms: undefined };
}
