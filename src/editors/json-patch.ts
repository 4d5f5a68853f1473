import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Refusal } from './editor.ts';
import { isImagePointer, type JsonOperation, jsonOperations, operationSite } from './json-operations.ts';
import { patternList } from './pattern-list.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, kindOf } from './yaml-locate.ts';
import type { Sites } from './yaml-sites.ts';

export interface JsonPatchWhere {
  readonly jsonPatch: readonly string[];
}

const options = z.strictObject({
  jsonPatch: patternList(
    'Write the `path` of an operation, a JSON pointer: `/spec/replicas`.',
    'Paths of the operations whose value may move: `/spec/template/spec/containers/0/image`, `*/image`, `*` for every one.',
  ),
});

/** Files of JSON patch operations (RFC 6902), in YAML or JSON: an artifact is called by the `path` of its operation. */
export const jsonPatchEditor = siteEditor<JsonPatchWhere>({
  name: 'json-patch',
  summary: 'Values of a file of JSON patch operations: the tag and digest of an image, or a whole value',
  options,
  defaultFile: 'patch.yaml',
  sites: jsonPatchSites,
});

/** Kustomize reads the first document of a patch file, and so does this. */
function jsonPatchSites(file: YamlFile, { jsonPatch: patterns }: JsonPatchWhere): Sites {
  const root = file.documents[0]?.root;
  if (root === undefined || root.kind !== 'list') return { sites: [], refusals: [noPatch(file, root)] };
  const found = jsonOperations(root).flatMap((operation) => {
    const isSelected = (other: string): boolean => selects(patterns, { ...operation, pointer: other });
    const { pointer } = operation;
    return isSelected(pointer) ? [operationSite(file, operation, { document: 0, artifact: pointer, isSelected })] : [];
  });
  return {
    sites: found.flatMap((one) => ('kind' in one ? [one] : [])),
    refusals: found.flatMap((one) => ('kind' in one ? [] : [one])),
  };
}

/**
 * With `*` nobody means a value of many parts: who names it exactly is told why it does not move. Nor all of its parts, but for
 * images: a pattern that ends in a key without a star means these.
 */
function selects(patterns: readonly string[], { pointer, compound, within }: JsonOperation): boolean {
  if (compound) return patterns.includes(pointer);
  const isOpen = within.length === 0 || isImagePointer(pointer);
  return fitsOne(isOpen ? patterns : patterns.filter((pattern) => !/\*[^/]*$/u.test(pattern)), pointer);
}

function noPatch(file: YamlFile, root: YamlNode | undefined): Refusal {
  if (root === undefined || isNull(root)) {
    return { line: undefined, reason: 'The file is empty; a JSON patch is a list of operations.' };
  }
  const reason = `The file is ${kindOf(file, root)}, not a list of JSON patch operations. For a patch that looks like the resource, use \`containers\`.`;
  return { line: lineAt(file.lineStarts, root.start), reason };
}
