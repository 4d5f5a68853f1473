import { z } from 'zod';
import { elementProblem, elementSites } from './argocd-elements.ts';
import { refuseOverridden } from './argocd-overrides.ts';
import { type ApplicationSource, candidatesOf, isUnsure, sourcesIn, valuesRootsOf } from './argocd-sources.ts';
import { refuseTemplates } from './argocd-templates.ts';
import { maySelect, selectorsOption } from './artifact-selector.ts';
import { refuseDocumentDoubles } from './document-doubles.ts';
import type { Refusal } from './editor.ts';
import { namedSites } from './named-sites.ts';
import { siteEditor } from './site-editor.ts';
import { valueSites } from './value-sites.ts';
import type { YamlFile } from './yaml.ts';
import { type DocumentFacts, type DocumentWhere, documentOption, documentsIn } from './yaml-documents.ts';
import { lineAt } from './yaml-lines.ts';
import type { Sites } from './yaml-sites.ts';

export interface ArgocdWhere {
  readonly argocd: readonly string[];
  readonly document?: DocumentWhere | undefined;
}

const kinds = ['chart', 'git', 'oci', 'parameter', 'value', 'image', 'element'];

const options = z.strictObject({
  argocd: selectorsOption(kinds, elementProblem).describe(
    'What may move in Applications: `chart/podinfo`, `git/github.com/acme/config`, `oci/…`, `image/web`, `parameter/image.tag`, `value/image` and, in ApplicationSets, `element[cluster={environment}]/tag`. `*` stands for any characters.',
  ),
  document: documentOption,
});

/** Applications and ApplicationSets of Argo CD: what their sources pin, and what they say to Helm and Kustomize. */
export const argocdEditor = siteEditor<ArgocdWhere>({
  name: 'argocd',
  summary: 'Argo CD Applications and ApplicationSets: charts, Git revisions, images, parameters and values they pin',
  options,
  defaultFile: 'application.yaml',
  sites: argocdSites,
});

function argocdSites(file: YamlFile, { argocd: selectors, document }: ArgocdWhere): Sites {
  const documents = documentsIn(file, document).filter(isApplication);
  const sets = documents.filter(({ kind }) => kind === 'ApplicationSet');
  const sources = documents.flatMap(sourcesIn);
  const candidates = sources.flatMap(candidatesOf);
  const parts = [
    namedSites(file, candidates, selectors),
    refuseOverridden(valueSites(file, sources.flatMap(valuesRootsOf), selectors), sources),
  ].map((part) => refuseTemplates(file, part, new Set(sets.map(({ index }) => index))));
  const all = [...parts, elementSites(file, sets, selectors)];
  return refuseDocumentDoubles({
    sites: all.flatMap(({ sites }) => sites),
    refusals: [...unsure(file, sources, selectors), ...all.flatMap(({ refusals }) => refusals)],
  });
}

function isApplication({ apiVersion, kind }: DocumentFacts): boolean {
  return apiVersion.startsWith('argoproj.io/') && (kind === 'Application' || kind === 'ApplicationSet');
}

/** A source of which it cannot be told what it is could be any of those that are selected. */
function unsure(
  file: YamlFile,
  sources: readonly ApplicationSource[],
  selectors: readonly string[],
): readonly Refusal[] {
  if (!['chart', 'git', 'oci'].some((kind) => maySelect(selectors, kind))) return [];
  return sources.filter(isUnsure).map(({ node }) => ({
    line: lineAt(file.lineStarts, node.start),
    reason:
      'It cannot be told what this source is: its chart or repoURL is written twice, or stands there only through an alias or the merge key <<. Write it out once.',
  }));
}
