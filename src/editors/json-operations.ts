import type { Refusal } from './editor.ts';
import { imageCodec, imageObstacle, valueObstacle, wholeCodec } from './image-text.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { textAt, valueAt } from './yaml-documents.ts';
import { locate } from './yaml-locate.ts';
import type { Site } from './yaml-sites.ts';

/** An operation of a JSON patch (RFC 6902) that says which value there is to be. */
export interface JsonOperation {
  readonly index: number;
  /** The JSON pointer as it is written: `/spec/template/spec/containers/0/image`. */
  readonly pointer: string;
  /** Whether its value is a map or a list. */
  readonly compound: boolean;
}

/** The `add` and `replace` operations of a list of them, in YAML or JSON. */
export function jsonOperations(root: YamlNode): readonly JsonOperation[] {
  if (root.kind !== 'list') return [];
  return root.items.flatMap((item, index) => {
    const node = item.kind === 'alias' ? item.target : item;
    const pointer = textAt(node, 'path');
    if (!['add', 'replace'].includes(textAt(node, 'op')) || !/^\/\S+$/u.test(pointer)) return [];
    const value = valueAt(node, 'value');
    return [{ index, pointer, compound: value?.kind === 'map' || value?.kind === 'list' }];
  });
}

export function isImagePointer(pointer: string): boolean {
  return pointer.endsWith('/image');
}

/** Where an operation has its version: tag and digest of an image, else the whole value. */
export function operationSite(
  file: YamlFile,
  { index, pointer }: JsonOperation,
  { document, artifact }: { readonly document: number; readonly artifact: string },
): Site | Refusal {
  const located = locate(file, document, [index, 'value']);
  if (!located.ok) return { ...located.refusal, artifact };
  const [codec, obstacle] = isImagePointer(pointer)
    ? [imageCodec, imageObstacle]
    : [wholeCodec('value'), valueObstacle];
  return { kind: 'scalars', artifact, spots: [{ document, at: located.at, codec }], obstacle };
}
