import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import { containerSites } from './container-images.ts';
import type { Refusal } from './editor.ts';
import { isImagePointer, jsonOperations, operationSite } from './json-operations.ts';
import { type KustomizationItem, kustomizationItems } from './kustomization-file.ts';
import { patternList } from './pattern-list.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import {
  type DocumentFacts,
  type DocumentWhere,
  documentOption,
  documentsIn,
  fitsDocument,
  pinsResource,
  textAt,
  valueAt,
} from './yaml-documents.ts';
import { readEmbedded } from './yaml-embedded.ts';
import { keyText, locate, lookup, type PathStep } from './yaml-locate.ts';
import { moved, type Site, type Sites } from './yaml-sites.ts';

export interface PatchesWhere {
  readonly patches: readonly string[];
  readonly document?: DocumentWhere | undefined;
}

const options = z.strictObject({
  patches: patternList(
    'Write the name of a container, `web/app` for one of the resource `web`, or `web:/spec/…/image` for a JSON patch of `web`.',
    'Images that may move: `app`, `web/app` for that of the resource `web`, `web:/spec/template/spec/containers/0/image` for one a JSON patch sets, `*` for every one.',
  ),
  document: documentOption,
});

/**
 * Images that patches within a kustomization set. An artifact of a strategic-merge patch is called `web/app` after resource
 * and container, one of a JSON patch `web:/spec/…/image` after its target and path; without the resource where `document` names it.
 */
export const patchesEditor = siteEditor<PatchesWhere>({
  name: 'patches',
  summary: 'Images that patches within a kustomization set: tag and digest',
  options,
  defaultFile: 'kustomization.yaml',
  sites: patchSites,
});

function patchSites(file: YamlFile, where: PatchesWhere): Sites {
  const { items, refusals } = kustomizationItems(file, ['patches', 'patchesStrategicMerge', 'patchesJson6902']);
  const found = items.flatMap((item) => {
    const patch = patchOf(item);
    return patch === undefined ? [] : [sitesWithin(file, patch, where)];
  });
  return {
    sites: found.flatMap(({ sites }) => sites),
    refusals: [...refusals, ...found.flatMap((each) => each.refusals)],
  };
}

/** A patch written out in a kustomization. */
interface Patch {
  readonly steps: readonly PathStep[];
  /** What says which resources are patched; undefined where the patch itself says so. */
  readonly target: YamlNode | undefined;
}

/** Undefined for a patch in a file of its own, and for one that says nothing of images, whatever else may be wrong with it. */
function patchOf({ list, steps, node }: KustomizationItem): Patch | undefined {
  const item = node.kind === 'alias' ? node.target : node;
  if (list === 'patchesStrategicMerge') {
    const text = item === undefined ? undefined : keyText(item);
    // What is no YAML of a map is the path of a file.
    return text?.includes('image') && /[:{]/u.test(text) ? { steps, target: undefined } : undefined;
  }
  const found = item?.kind === 'map' ? lookup(item, 'patch') : undefined;
  if (found === undefined || found.kind === 'none') return undefined;
  const value = found.kind === 'own' ? found.entry.value : undefined;
  if (value !== undefined && keyText(value)?.includes('image') === false) return undefined;
  const target = valueAt(item, 'target');
  return { steps: [...steps, 'patch'], target: target?.kind === 'alias' ? target.target : target };
}

function sitesWithin(file: YamlFile, { steps, target }: Patch, where: PatchesWhere): Sites {
  const located = locate(file, 0, steps);
  if (!located.ok) return { sites: [], refusals: [located.refusal] };
  const within = { document: 0, at: located.at };
  const read = readEmbedded(file, within);
  if (!read.ok) return { sites: [], refusals: [read.refusal] };
  const finder = (inner: YamlFile): Sites => innerSites(inner, target, where);
  const { sites, refusals } = finder(read.inner);
  return {
    sites: sites.map(({ artifact }) => ({ kind: 'embedded', artifact, within, sites: finder, inner: artifact })),
    refusals: refusals.map((refusal) => moved(refusal, read.linesBefore)),
  };
}

/** The sites of the text of a patch: of a list of operations, or of what looks like the resource. */
function innerSites(inner: YamlFile, target: YamlNode | undefined, where: PatchesWhere): Sites {
  const documents = documentsIn(inner)
    .map((facts) => patched(facts, target))
    .filter((facts) => fitsDocument(facts, where.document));
  const pinned = pinsResource(where.document);
  const merged = containerSites(
    inner,
    documents.filter(({ root }) => root.kind === 'map'),
    { patterns: where.patches, pinned },
  );
  const operations = documents.flatMap((facts) => operationSites(inner, facts, where));
  return {
    sites: [...merged.sites, ...operations.flatMap((one) => ('kind' in one ? [one] : []))],
    refusals: [...merged.refusals, ...operations.flatMap((one) => ('kind' in one ? [] : [one]))],
  };
}

/** A target says which resource is patched, whatever name stands in the patch itself. */
function patched(facts: DocumentFacts, target: YamlNode | undefined): DocumentFacts {
  const [kind, name, namespace] = ['kind', 'name', 'namespace'].map((key) => textAt(target, key));
  return {
    ...facts,
    kind: kind || facts.kind,
    name: name || facts.name,
    namespace: namespace || facts.namespace,
  };
}

function operationSites(inner: YamlFile, facts: DocumentFacts, where: PatchesWhere): readonly (Site | Refusal)[] {
  // A target may be every resource of a kind.
  const resource = facts.name || facts.kind;
  const patterns = where.patches.map((pattern) => (pattern.startsWith('/') ? `*:${pattern}` : pattern));
  return jsonOperations(facts.root).flatMap((operation) => {
    const { pointer } = operation;
    if (!isImagePointer(pointer) || !fitsOne(patterns, `${resource}:${pointer}`)) return [];
    const artifact = pinsResource(where.document) ? pointer : `${resource}:${pointer}`;
    return [operationSite(inner, operation, { document: facts.index, artifact })];
  });
}
