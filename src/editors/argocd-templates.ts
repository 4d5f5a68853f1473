import type { Refusal } from './editor.ts';
import type { YamlFile } from './yaml.ts';
import { readEmbedded } from './yaml-embedded.ts';
import { lineAt } from './yaml-lines.ts';
import { isTemplate, type Located } from './yaml-locate.ts';
import { innerSite, moved, type Site, type Sites } from './yaml-sites.ts';

/** Sites in the template of an ApplicationSet, without those it fills in itself: their version stands in a generator. */
export function refuseTemplates(file: YamlFile, { sites, refusals }: Sites, documents: ReadonlySet<number>): Sites {
  const templated = new Map<Site, Refusal>();
  for (const site of sites) {
    const refusal = inside(site, documents) ? templateRefusal(file, site) : undefined;
    if (refusal !== undefined) templated.set(site, refusal);
  }
  return { sites: sites.filter((site) => !templated.has(site)), refusals: [...refusals, ...templated.values()] };
}

function inside(site: Site, documents: ReadonlySet<number>): boolean {
  return site.kind === 'embedded'
    ? documents.has(site.within.document)
    : site.spots.some(({ document }) => documents.has(document));
}

function templateRefusal(file: YamlFile, site: Site): Refusal | undefined {
  if (site.kind === 'embedded') {
    const read = readEmbedded(file, site.within);
    const inner = read.ok ? innerSite(read.inner, site) : undefined;
    const refusal = read.ok && inner !== undefined ? templateRefusal(read.inner, inner) : undefined;
    return read.ok && refusal !== undefined ? moved(refusal, read.linesBefore) : undefined;
  }
  const spot = site.spots.find(({ at }) => isFilledIn(file, at));
  if (spot === undefined) return undefined;
  const reason = `${spot.at.path} is filled in by the ApplicationSet ({{ … }}): the version stands in an element of its generator. Select that, as in \`element[cluster={environment}]/tag\`.`;
  return { line: lineAt(file.lineStarts, spot.at.value.start), artifact: site.artifact, reason };
}

function isFilledIn(file: YamlFile, { value }: Located): boolean {
  if (value.kind === 'scalar') return value.text.includes('{{');
  return isTemplate(file, value);
}
