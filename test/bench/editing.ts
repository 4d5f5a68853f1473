import { parseAllDocuments } from 'yaml';
import { editorOf } from '../../src/editors/index.ts';
import { demand } from './config-repo.ts';
import { type EditedFile, editedFiles } from './edited-files.ts';

/** Edits of as many files, one each. */
export interface Editing {
  readonly edits: number;
  readonly pawl: Edited;
  /** The same by the `setIn` and `toString` of the package `yaml`. */
  readonly yaml: Edited;
}

export interface Edited {
  /** Edits after which everything but the scalar is as it was. */
  readonly minimal: number;
  readonly ms: number;
}

/** How often each way is taken; the fastest counts, since whatever else the machine does only slows it down. */
const rounds = 3;

/** One edit, and a thousand: what Pawl leaves as it was, and how long it takes, beside the parser's own way. */
export function editing(): readonly Editing[] {
  return [1, 1_000].map((edits) => {
    const files = editedFiles(edits);
    return { edits, pawl: edited(files, byPawl), yaml: edited(files, byYaml) };
  });
}

type Way = (file: EditedFile, version: string) => string;

function edited(files: readonly EditedFile[], way: Way): Edited {
  let ms = Number.POSITIVE_INFINITY;
  let minimal = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedAtMs = performance.now();
    const texts = files.map((file, index) => way(file, `v2.${round}.${index}`));
    ms = Math.min(ms, performance.now() - startedAtMs);
    minimal = files.filter((file, index) => isMinimal(file, texts[index] ?? '')).length;
  }
  return { minimal, ms };
}

function isMinimal({ text, span: [start, end] }: EditedFile, after: string): boolean {
  const [head, tail] = [text.slice(0, start), text.slice(end)];
  return after !== text && after.startsWith(head) && after.endsWith(tail);
}

function byPawl({ text, key, where, artifact, part }: EditedFile, version: string): string {
  const written = editorOf(key).write(text, where, [{ artifact, version: { [part]: version } }]);
  demand(written.ok, `An edit was refused: ${written.ok || written.refusals[0]?.reason}`);
  return written.text;
}

function byYaml({ text, document, path, textOf }: EditedFile, version: string): string {
  const documents = parseAllDocuments(text);
  documents[document]?.setIn(path, textOf(version));
  return documents.map(String).join('');
}
