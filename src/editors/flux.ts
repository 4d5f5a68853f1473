import { z } from 'zod';
import { selectorsOption } from './artifact-selector.ts';
import { refuseDocumentDoubles } from './document-doubles.ts';
import { candidatesOf, fluxKind } from './flux-resources.ts';
import { namedSites } from './named-sites.ts';
import { siteEditor } from './site-editor.ts';
import { type ValuesRoot, valueSites } from './value-sites.ts';
import type { YamlFile } from './yaml.ts';
import { type DocumentFacts, type DocumentWhere, documentOption, documentsIn, valueAt } from './yaml-documents.ts';
import { isNull } from './yaml-locate.ts';
import type { Sites } from './yaml-sites.ts';

export interface FluxWhere {
  readonly flux: readonly string[];
  readonly document?: DocumentWhere | undefined;
}

const kinds = ['chart', 'oci', 'git', 'value', 'image', 'substitute'];

const options = z.strictObject({
  flux: selectorsOption(kinds).describe(
    'What may move in resources of Flux: `chart/podinfo`, `oci/ghcr.io/acme/charts/web`, `git/github.com/acme/config`, `value/image` of a HelmRelease, `image/web` and `substitute/TAG` of a Kustomization. `*` stands for any characters.',
  ),
  document: documentOption,
});

/** Resources of Flux: the versions of charts, OCI artifacts and Git repositories, values of releases, images and substitutions. */
export const fluxEditor = siteEditor<FluxWhere>({
  name: 'flux',
  summary: 'Flux resources: versions of charts, OCI artifacts and Git repositories, values, images and substitutions',
  options,
  defaultFile: 'release.yaml',
  sites: fluxSites,
});

function fluxSites(file: YamlFile, { flux: selectors, document }: FluxWhere): Sites {
  const documents = documentsIn(file, document);
  const named = namedSites(file, documents.flatMap(candidatesOf), selectors);
  const values = valueSites(file, documents.flatMap(valuesRootsOf), selectors);
  return refuseDocumentDoubles({
    sites: [...named.sites, ...values.sites],
    refusals: [...named.refusals, ...values.refusals],
  });
}

function valuesRootsOf(document: DocumentFacts): readonly ValuesRoot[] {
  const values = valueAt(valueAt(document.root, 'spec'), 'values');
  const isRelease = fluxKind(document) === 'helm/HelmRelease';
  if (!isRelease || values === undefined || isNull(values)) return [];
  return [{ document: document.index, steps: ['spec', 'values'], form: 'map' }];
}
