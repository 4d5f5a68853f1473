import type { z } from 'zod';
import type { Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { readEmbedded } from './yaml-embedded.ts';
import { differencesOf, type Leaf, leaves } from './yaml-leaves.ts';
import type { Segment } from './yaml-locate.ts';
import { rewrite } from './yaml-prove.ts';
import { planEdits, readSite, type Site, type Sites } from './yaml-sites.ts';

export interface SiteDialect<Where> {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodType<Where>;
  readonly defaultFile: string;
  /** Where the artifacts stand that may move. What cannot be told for certain is a refusal that names its artifact. */
  sites(file: YamlFile, where: Where): Sites;
}

/** An editor made of what tells one dialect from others: where the artifacts stand. Reading, writing and proving are the same for all. */
export function siteEditor<Where>({ sites, ...about }: SiteDialect<Where>): Editor<Where> {
  return {
    ...about,
    find: (text, where) => find(text, (file) => sites(file, where)),
    write: (text, where, edits) => write(text, (file) => sites(file, where), edits),
    leftAlone: (source, target, where) => leftAlone(source, target, (file) => sites(file, where)),
  };
}

type Finder = (file: YamlFile) => Sites;

function find(text: string, finder: Finder): Found {
  const read = readYaml(text);
  if (!read.ok) return { artifacts: [], refusals: [read.refusal] };
  const { sites, refusals } = finder(read.file);
  const doubles = doublesIn(sites);
  const single = sites.filter(({ artifact }) => !doubles.has(artifact));
  const found = single.map((site) => readSite(read.file, site));
  return {
    artifacts: found.flatMap((one) => (one.ok ? [one.found] : [])),
    refusals: [...refusals, ...[...doubles].map(double), ...found.flatMap((one) => (one.ok ? [] : [one.refusal]))],
  };
}

function doublesIn(sites: readonly Site[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(sites.flatMap(({ artifact }) => (seen.size === seen.add(artifact).size ? [artifact] : [])));
}

function double(artifact: string): Refusal {
  return {
    line: undefined,
    artifact,
    reason: `${artifact} stands in more than one place of the file. Select one of them.`,
  };
}

function write(text: string, finder: Finder, edits: readonly Edit[]): Written {
  const twice = doubleEdit(edits);
  if (twice !== undefined) {
    return {
      ok: false,
      refusals: [{ line: undefined, artifact: twice, reason: `${twice} is asked to get two versions at once.` }],
    };
  }
  return rewrite(text, (file) => planEdits(file, finder(file), edits));
}

function doubleEdit(edits: readonly Edit[]): string | undefined {
  const seen = new Set<string>();
  return edits.find(({ artifact }) => seen.size === seen.add(artifact).size)?.artifact;
}

function leftAlone(source: string, target: string, finder: Finder): readonly Difference[] {
  const [before, after] = [readYaml(source), readYaml(target)];
  return before.ok && after.ok ? differencesOf(others(before.file, finder), others(after.file, finder)) : [];
}

/** Every leaf that does not move; those of a text within a scalar one by one. */
function others(file: YamlFile, finder: Finder): readonly Leaf[] {
  const { sites } = finder(file);
  const moving = new Set(
    sites.flatMap((site) =>
      site.kind === 'scalars' ? site.spots.map((spot) => keyOf(spot.document, spot.at.segments)) : [],
    ),
  );
  const within = new Map(
    sites.flatMap((site) =>
      site.kind === 'embedded' ? [[keyOf(site.within.document, site.within.at.segments), site] as const] : [],
    ),
  );
  return file.documents.flatMap((document, index) =>
    leaves(document).flatMap((leaf): readonly Leaf[] => {
      const key = keyOf(index, leaf.segments);
      if (moving.has(key)) return [];
      const embedded = within.get(key);
      const read = embedded === undefined ? undefined : readEmbedded(file, embedded.within);
      if (embedded === undefined || read?.ok !== true) return [leaf];
      return others(read.inner, embedded.sites).map((inner) => ({ ...inner, path: `${leaf.path}: ${inner.path}` }));
    }),
  );
}

function keyOf(document: number, segments: readonly Segment[]): string {
  return JSON.stringify([document, ...segments]);
}
