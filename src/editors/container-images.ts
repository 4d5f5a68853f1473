import { fitsOne } from '../domain/name-pattern.ts';
import type { Refusal } from './editor.ts';
import { imageCodec, imageObstacle } from './image-text.ts';
import type { YamlFile } from './yaml.ts';
import type { DocumentFacts } from './yaml-documents.ts';
import { itemField, locate, lookup, type PathStep } from './yaml-locate.ts';
import type { Site, Sites } from './yaml-sites.ts';
import { itemStep, mapsBelow } from './yaml-walk.ts';

/** Which containers move: `app`, `web/app` for that of the resource `web`, `*` for every one. */
export interface ContainerSelection {
  readonly patterns: readonly string[];
  /** Whether the configuration says which resource is meant, so that a container's name is enough. */
  readonly pinned: boolean;
}

/** The images of the containers of some documents. An artifact is called `web/app` after resource and container, or `app` where pinned. */
export function containerSites(
  file: YamlFile,
  documents: readonly DocumentFacts[],
  selection: ContainerSelection,
): Sites {
  const sites: Site[] = [];
  const refusals: Refusal[] = [];
  for (const document of documents) {
    refusals.push(...doubleLists(file, document));
    for (const steps of imagesIn(document)) {
      const artifact = artifactOf(document, steps, selection);
      if (artifact === undefined) continue;
      const located = locate(file, document.index, steps);
      if (!located.ok) refusals.push({ ...located.refusal, artifact });
      else {
        const spots = [{ document: document.index, at: located.at, codec: imageCodec }];
        sites.push({ kind: 'scalars', artifact, spots, obstacle: imageObstacle });
      }
    }
  }
  return { sites, refusals };
}

/** Lists of containers, in whatever kind of workload or custom resource they stand. */
const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** A list that is written twice: tools differ in which one counts, so nothing of it is certain. */
function doubleLists(file: YamlFile, { index, root }: DocumentFacts): readonly Refusal[] {
  return [...mapsBelow(root)].flatMap(({ map, steps }) =>
    containerLists.flatMap((list) => {
      if (lookup(map, list).kind !== 'twice') return [];
      const located = locate(file, index, [...steps, list]);
      return located.ok ? [] : [located.refusal];
    }),
  );
}

function imagesIn({ root }: DocumentFacts): readonly (readonly PathStep[])[] {
  return [...mapsBelow(root)].flatMap(({ map, steps }) =>
    containerLists.flatMap((list) => {
      const found = lookup(map, list);
      const items = found.kind === 'own' && found.entry.value?.kind === 'list' ? found.entry.value.items : [];
      return items.flatMap((item, index) => {
        const hasImage = item.kind === 'map' && lookup(item, 'image').kind !== 'none';
        const named = itemField(item, 'name').kind === 'text';
        return hasImage && named ? [[...steps, list, itemStep(item, index), 'image']] : [];
      });
    }),
  );
}

/** Undefined for a container that does not move. */
function artifactOf(
  { name }: DocumentFacts,
  steps: readonly PathStep[],
  { patterns, pinned }: ContainerSelection,
): string | undefined {
  const step = steps.at(-2);
  const container = typeof step === 'object' ? step.value : '';
  const full = patterns.map((pattern) => (pattern.includes('/') ? pattern : `*/${pattern}`));
  if (!fitsOne(full, `${name}/${container}`)) return undefined;
  return pinned ? container : `${name}/${container}`;
}
