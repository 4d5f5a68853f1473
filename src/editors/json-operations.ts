import type { Refusal } from './editor.ts';
import { imageCodec, imageObstacle, valueObstacle, wholeCodec } from './image-text.ts';
import { contradiction, pairUnit } from './tag-digest-pair.ts';
import { filledPartner } from './value-site.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { textAt, valueAt } from './yaml-documents.ts';
import { lineAt } from './yaml-lines.ts';
import { keyText, locate } from './yaml-locate.ts';
import type { Site } from './yaml-sites.ts';

/** An operation of a JSON patch (RFC 6902) that says which value there is to be. */
export interface JsonOperation {
  readonly index: number;
  /** The JSON pointer as it is written, `/spec/template/spec/containers/0/image`, and behind it the keys of a value within. */
  readonly pointer: string;
  /** The way from the value of the operation to the value that is meant. */
  readonly within: readonly string[];
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
    return operationsBelow(valueAt(node, 'value'), { index, pointer, within: [] });
  });
}

/** The value of an operation and, where it is a map, the values in it. Positions in a list say nothing about what stands there. */
function operationsBelow(
  value: YamlNode | undefined,
  { index, pointer, within }: Omit<JsonOperation, 'compound'>,
): readonly JsonOperation[] {
  const compound = value?.kind === 'map' || value?.kind === 'list';
  const entries = value?.kind === 'map' ? value.entries : [];
  const keys = new Map(entries.flatMap((entry) => [[keyText(entry.key), entry.value] as const]));
  return [
    { index, pointer, within, compound },
    ...[...keys].flatMap(([key, inner]) => {
      if (key === undefined) return [];
      const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
      return operationsBelow(inner, { index, pointer: `${pointer}/${escaped}`, within: [...within, key] });
    }),
  ];
}

export function isImagePointer(pointer: string): boolean {
  return pointer.endsWith('/image');
}

interface OperationAs {
  readonly document: number;
  readonly artifact: string;
  /** Whether the value at another pointer moves too. */
  readonly isSelected?: (pointer: string) => boolean;
}

/** Where an operation has its version: tag and digest of an image, else the whole value. */
export function operationSite(
  file: YamlFile,
  { index, pointer, within }: JsonOperation,
  { document, artifact, isSelected }: OperationAs,
): Site | Refusal {
  const located = locate(file, document, [index, 'value', ...within]);
  if (!located.ok) return { ...located.refusal, artifact };
  const key = within.at(-1) ?? '';
  const partner = filledPartner(located.at, key);
  const other = partner === undefined ? undefined : `${pointer.slice(0, pointer.lastIndexOf('/') + 1)}${partner}`;
  if (other !== undefined && isSelected?.(other) !== true) {
    const reason = contradiction(other, pointer, `Select \`${other}\` too.`);
    return { line: lineAt(file.lineStarts, located.at.value.start), artifact, reason };
  }
  if (other !== undefined) {
    const spots = [{ document, at: located.at, codec: wholeCodec('value') }];
    return { kind: 'scalars', artifact, spots, unit: pairUnit(artifact, other) };
  }
  const [codec, obstacle] = isImagePointer(pointer)
    ? [imageCodec, imageObstacle]
    : [wholeCodec('value'), valueObstacle];
  return { kind: 'scalars', artifact, spots: [{ document, at: located.at, codec }], obstacle };
}
