import type { Refusal } from './editor.ts';
import type { Site, Sites } from './yaml-sites.ts';

/** Sites without those of one name in several documents, of which people are asked to name the one that is meant. */
export function refuseDocumentDoubles({ sites, refusals }: Sites): Sites {
  const documents = new Map<string, Set<number>>();
  for (const site of sites) {
    documents.set(site.artifact, (documents.get(site.artifact) ?? new Set()).add(documentOf(site)));
  }
  const doubles = [...documents].flatMap(([artifact, { size }]) => (size > 1 ? [artifact] : []));
  return {
    sites: sites.filter(({ artifact }) => !doubles.includes(artifact)),
    refusals: [...refusals, ...doubles.map(refusalOf)],
  };
}

function documentOf(site: Site): number {
  return site.kind === 'embedded' ? site.within.document : (site.spots[0]?.document ?? 0);
}

function refusalOf(artifact: string): Refusal {
  const reason = `${artifact} stands in more than one document of the file. Name the one that is meant with \`document\`, as in \`document: {name: …}\`.`;
  return { line: undefined, artifact, reason };
}
