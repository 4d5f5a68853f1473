import type { Refusal } from './editor.ts';
import type { YamlFile, YamlMap, YamlNode } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, kindOf, locate, lookup, type PathStep } from './yaml-locate.ts';

export type KustomizationRead =
  | { readonly ok: true; readonly root: YamlMap }
  | { readonly ok: false; readonly refusal: Refusal };

/** The map a kustomization is. Kustomize reads the first document of a file and ignores the rest, and so does this. */
export function readKustomization(file: YamlFile): KustomizationRead {
  const root = file.documents[0]?.root;
  const refuse = (node: YamlNode | undefined, reason: string): KustomizationRead => ({
    ok: false,
    refusal: { line: node === undefined ? undefined : lineAt(file.lineStarts, node.start), reason },
  });
  if (root === undefined || isNull(root))
    return refuse(root, 'The file is empty; a kustomization names its resources.');
  if (root.kind !== 'map') return refuse(root, `The file is ${kindOf(file, root)}, not a kustomization.`);
  const stranger = otherKind(root);
  if (stranger === undefined) return { ok: true, root };
  return refuse(stranger, 'The file is no kustomization of Kustomize: its apiVersion is another. Name the right file.');
}

/** The apiVersion of something else, such as a Kustomization of Flux, which has its images elsewhere. */
function otherKind(root: YamlMap): YamlNode | undefined {
  const found = lookup(root, 'apiVersion');
  const value = found.kind === 'own' ? found.entry.value : undefined;
  return value?.kind === 'scalar' && !value.text.startsWith('kustomize.config.k8s.io/') ? value : undefined;
}

/** One item of a list of a kustomization, and the way to it. */
export interface KustomizationItem {
  readonly list: string;
  readonly steps: readonly PathStep[];
  readonly node: YamlNode;
}

export interface KustomizationItems {
  readonly items: readonly KustomizationItem[];
  readonly refusals: readonly Refusal[];
}

/** The items of some lists of a kustomization. A list that is not there has none; one that is no list is a refusal. */
export function kustomizationItems(file: YamlFile, lists: readonly string[]): KustomizationItems {
  const read = readKustomization(file);
  if (!read.ok) return { items: [], refusals: [read.refusal] };
  const all = lists.map((list) => itemsOf(file, read.root, list));
  return { items: all.flatMap(({ items }) => items), refusals: all.flatMap(({ refusals }) => refusals) };
}

function itemsOf(file: YamlFile, root: YamlMap, list: string): KustomizationItems {
  if (lookup(root, list).kind === 'none') return { items: [], refusals: [] };
  const located = locate(file, 0, [list]);
  if (!located.ok) return { items: [], refusals: [located.refusal] };
  const { value } = located.at;
  if (isNull(value)) return { items: [], refusals: [] };
  if (value.kind !== 'list') return { items: [], refusals: [noList(file, list, value)] };
  return { items: value.items.map((node, index) => ({ list, steps: [list, index], node })), refusals: [] };
}

export function noList(file: YamlFile, list: string, value: YamlNode): Refusal {
  const reason = `${list} is ${kindOf(file, value)}; only a list that is written there can be edited.`;
  return { line: lineAt(file.lineStarts, value.start), reason };
}
