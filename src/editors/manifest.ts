import { z } from 'zod';
import type { Refusal } from './editor.ts';
import { imageCodec, imageObstacle } from './image-text.ts';
import { fitsOne } from './name-pattern.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile } from './yaml.ts';
import { type DocumentFacts, type DocumentWhere, documentOption, documentsIn } from './yaml-documents.ts';
import { itemField, locate, lookup, type PathStep } from './yaml-locate.ts';
import type { Site, Sites } from './yaml-sites.ts';
import { itemStep, mapsBelow } from './yaml-walk.ts';

export interface ManifestWhere {
  readonly containers: readonly string[];
  readonly document?: DocumentWhere | undefined;
}

/** Patterns of one rule: who needs more means all of them, and `*` says so. */
const patternsMax = 100;

const options = z.strictObject({
  containers: z
    .array(
      z.string().min(1).regex(/^\S+$/u, 'Write the name of a container, or `web/app` for one of the resource `web`.'),
    )
    .min(1)
    .max(patternsMax)
    .readonly()
    .describe('Containers whose image may move: `app`, `web/app` for that of the resource `web`, `*` for every one.'),
  document: documentOption,
});

/**
 * Plain manifests and strategic-merge patches: the image of each container, its version the tag and digest it has. An
 * artifact is called `web/app` after resource and container, and `app` alone where `document` names the resource.
 */
export const manifestEditor = siteEditor<ManifestWhere>({
  name: 'manifest',
  summary: 'Images of containers in Kubernetes manifests and strategic-merge patches: their tag and digest',
  options,
  defaultFile: 'deployment.yaml',
  sites: manifestSites,
});

export function manifestSites(file: YamlFile, where: ManifestWhere): Sites {
  const sites: Site[] = [];
  const refusals: Refusal[] = [];
  for (const document of documentsIn(file, where.document)) {
    for (const steps of imagesIn(document)) {
      const artifact = artifactOf(document, steps, where);
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
function artifactOf({ name }: DocumentFacts, steps: readonly PathStep[], where: ManifestWhere): string | undefined {
  const step = steps.at(-2);
  const container = typeof step === 'object' ? step.value : '';
  const patterns = where.containers.map((pattern) => (pattern.includes('/') ? pattern : `*/${pattern}`));
  if (!fitsOne(patterns, `${name}/${container}`)) return undefined;
  const pinned = where.document?.name !== undefined && !where.document.name.includes('*');
  return pinned ? container : `${name}/${container}`;
}
