import jsonPatch from 'fast-json-patch';
import type { Refusal, Written } from './editor.ts';
import { readYaml, type YamlFile, type YamlNode } from './yaml.ts';
import { keyText, type Segment } from './yaml-locate.ts';
import { applySplices, type Splice } from './yaml-splice.ts';

/** Splices, and the paths at which they are meant to change the file. A path starts with the number of the document. */
export interface Change {
  readonly splices: readonly Splice[];
  readonly paths: readonly (readonly Segment[])[];
}

export type Planned =
  | { readonly ok: true; readonly changes: readonly Change[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** What is to be changed in a file as it stands; no changes when everything already reads as wanted. */
export type Planner = (file: YamlFile) => Planned;

/**
 * Makes the planned changes and proves them: the result is valid YAML with as many documents, exactly the planned paths
 * differ, and planning again finds nothing left to do, so every value reads back as wanted. Otherwise nothing is written.
 */
export function rewrite(text: string, plan: Planner): Written {
  const read = readYaml(text);
  if (!read.ok) return { ok: false, refusals: [read.refusal] };
  const planned = plan(read.file);
  if (!planned.ok) return planned;
  if (planned.changes.length === 0) return { ok: true, text };
  const changed = applySplices(
    text,
    planned.changes.flatMap((change) => change.splices),
  );
  if (changed === undefined) return unproved('two edits touch the same characters');
  const problem = findProblem(read.file, readYaml(changed), { planned: planned.changes, plan });
  return problem === undefined ? { ok: true, text: changed } : unproved(problem);
}

function unproved(problem: string): Written {
  const reason = `Pawl cannot prove that its edit changes nothing else: ${problem}. Make this change by hand.`;
  return { ok: false, refusals: [{ line: undefined, reason }] };
}

function findProblem(
  before: YamlFile,
  read: ReturnType<typeof readYaml>,
  { planned, plan }: { readonly planned: readonly Change[]; readonly plan: Planner },
): string | undefined {
  if (!read.ok) return `the result would not be read again (${read.refusal.reason})`;
  const after = read.file;
  if (after.documents.length !== before.documents.length) return 'the number of documents would change';
  const stray = strayPath(before, after, planned);
  if (stray !== undefined) return stray;
  const again = plan(after);
  const done = again.ok && again.changes.length === 0;
  return done ? undefined : 'the new text would not read back as what was asked for';
}

/** The first path that would change unasked, or would not change though it should. */
function strayPath(before: YamlFile, after: YamlFile, planned: readonly Change[]): string | undefined {
  const wanted = new Set(planned.flatMap((change) => change.paths.map(pointer)));
  const changed = new Set(jsonPatch.compare(plainFile(before), plainFile(after)).map((operation) => operation.path));
  const unasked = [...changed].find((path) => !wanted.has(path));
  if (unasked !== undefined) return `${unasked} would change too`;
  const unmoved = [...wanted].find((path) => !changed.has(path));
  return unmoved === undefined ? undefined : `${unmoved} would not change`;
}

function pointer(path: readonly Segment[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

type Plain = string | readonly Plain[] | { readonly [key: string]: Plain };

function plainFile(file: YamlFile): readonly Plain[] {
  return file.documents.map((document) => plain(document.root, '', new Map()));
}

/**
 * A node as plain data in which any change of style, tag, anchor or text shows. An alias stays an alias, so that nothing
 * multiplies, and says at which path the node it repeats stands.
 */
function plain(node: YamlNode | undefined, path: string, paths: Map<YamlNode, string>): Plain {
  if (node === undefined) return '';
  if (node.kind === 'alias') return `*${node.name} ${node.target && paths.get(node.target)}`;
  paths.set(node, path);
  const properties = `${node.tag ?? ''} ${node.anchor ?? ''}`;
  if (node.kind === 'scalar') return `${node.style} ${properties} ${node.text}`;
  if (node.kind === 'list') return node.items.map((item, index) => plain(item, `${path}/${index}`, paths));
  // Without a prototype a key such as `__proto__` is a key like any other.
  const object: Record<string, Plain> = Object.create(null);
  object['\u0000'] = properties;
  for (const [index, { key, value }] of node.entries.entries()) {
    // A key is seen before its value, and may carry an anchor too.
    if (key.kind !== 'alias') paths.set(key, `${path}?${index}`);
    const text = keyText(key) ?? `\u0000${index}`;
    const name = Object.hasOwn(object, text) ? `${text}\u0000${index}` : text;
    object[name] = plain(value, `${path}/${name}`, paths);
  }
  return object;
}
