import { selectsText, selectsVersion } from './artifact-selector.ts';
import type { Refusal } from './editor.ts';
import { pairName, partnerOf } from './tag-digest-pair.ts';
import type { YamlFile } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { locate, type PathStep } from './yaml-locate.ts';
import type { Codec, ScalarSite, Site, Sites, Spot } from './yaml-sites.ts';

/** One thing that may move: what it is called, and where its version stands. */
export interface Candidate {
  readonly name: string;
  /** What it is called where several have that name, or where a selector says so. */
  readonly longName?: string | undefined;
  readonly document: number;
  readonly parts: readonly Part[];
  /** Whether it may be any text and not only a version: then a pattern must name its kind. */
  readonly anyText?: boolean | undefined;
  readonly obstacle?: ScalarSite['obstacle'];
  readonly owner?: string | undefined;
  /** Whether a digest stands beside this tag, or a tag beside this digest: they move together. */
  readonly hasPartner?: boolean | undefined;
  /** Why it cannot move, whatever stands in its parts. */
  readonly problem?: { readonly offset: number; readonly reason: string } | undefined;
}

/** A scalar by the way to it. */
export interface Part {
  readonly steps: readonly PathStep[];
  readonly codec: Codec;
}

/** The sites of the candidates that are selected, each under the shortest name that says which one it is. */
export function namedSites(file: YamlFile, candidates: readonly Candidate[], selectors: readonly string[]): Sites {
  const counts = new Map<string, number>();
  for (const { name } of candidates) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isDouble = ({ name }: Candidate): boolean => (counts.get(name) ?? 0) > 1;
  const sites: Site[] = [];
  const refusals: Refusal[] = ambiguous(candidates.filter(isDouble), selectors);
  for (const candidate of candidates) {
    const { name, longName } = candidate;
    const selects = candidate.anyText === true ? selectsText : selectsVersion;
    const names = longName !== undefined && isDouble(candidate) ? [longName] : [name, longName];
    const artifact = names.find((each) => each !== undefined && selects(selectors, each));
    if (artifact === undefined) continue;
    const partner = candidate.hasPartner === true ? partnerOf(artifact) : undefined;
    const isAlone = partner !== undefined && !selects(selectors, partner);
    const site = isAlone
      ? alone(file, candidate, { artifact, partner })
      : siteOf(file, candidate, { artifact, partner });
    if ('reason' in site) refusals.push(site);
    else sites.push(site);
  }
  return { sites, refusals };
}

/** A name that several have is selected by what tells them apart; one that has nothing of the kind is refused as a double. */
function ambiguous(doubles: readonly Candidate[], selectors: readonly string[]): Refusal[] {
  const names = new Set(doubles.map(({ name }) => name));
  return [...names].flatMap((name) => {
    const long = doubles.flatMap((each) => (each.name === name && each.longName !== undefined ? [each.longName] : []));
    if (!selectors.includes(name) || long.length === 0) return [];
    const ways = [...new Set(long)].map((each) => `\`${each}\``).join(' or ');
    const reason = `${name} stands in more than one place of the file. Select ${ways}.`;
    return [{ line: undefined, artifact: name, reason }];
  });
}

/** Moved alone, a tag would contradict the digest beside it. */
function alone(file: YamlFile, { document, parts }: Candidate, { artifact, partner }: Pair): Refusal {
  const located = locate(file, document, parts[0]?.steps ?? []);
  const reason = `${partner} stands beside ${artifact} and says which image runs too; moving one alone would contradict the other. Select both.`;
  return {
    line: located.ok ? lineAt(file.lineStarts, located.at.value.start) : located.refusal.line,
    artifact,
    reason,
  };
}

interface Pair {
  readonly artifact: string;
  readonly partner?: string | undefined;
}

function siteOf(file: YamlFile, candidate: Candidate, { artifact, partner }: Pair): Site | Refusal {
  const { document, parts, obstacle, owner, problem } = candidate;
  const named = { artifact, ...(partner === undefined ? {} : { unit: pairName(artifact, partner) }) };
  if (problem !== undefined) {
    return { ...named, line: lineAt(file.lineStarts, problem.offset), reason: problem.reason };
  }
  const spots: Spot[] = [];
  for (const { steps, codec } of parts) {
    const located = locate(file, document, steps);
    if (!located.ok) return { ...located.refusal, ...named };
    spots.push({ document, at: located.at, codec });
  }
  if (partner === undefined) return { kind: 'scalars', artifact, spots, obstacle, owner };
  return { kind: 'scalars', ...named, spots, owner };
}
