import { z } from 'zod';
import { containerSites } from './container-images.ts';
import { patternList } from './pattern-list.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile } from './yaml.ts';
import { type DocumentWhere, documentOption, documentsIn, pinsResource } from './yaml-documents.ts';
import type { Sites } from './yaml-sites.ts';

export interface ManifestWhere {
  readonly containers: readonly string[];
  readonly document?: DocumentWhere | undefined;
}

const options = z.strictObject({
  containers: patternList(
    'Write the name of a container, or `web/app` for one of the resource `web`.',
    'Containers whose image may move: `app`, `web/app` for that of the resource `web`, `*` for every one.',
  ),
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

function manifestSites(file: YamlFile, { containers, document }: ManifestWhere): Sites {
  return containerSites(file, documentsIn(file, document), { patterns: containers, pinned: pinsResource(document) });
}
