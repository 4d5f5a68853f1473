import type { ArtifactVersion, Version } from '../domain/version.ts';
import type { Edit, Refusal } from './editor.ts';
import { shown } from './shown.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { type Embedded, planEmbedded, readEmbedded } from './yaml-embedded.ts';
import { lineAt } from './yaml-lines.ts';
import type { Located } from './yaml-locate.ts';
import { ownerOf } from './yaml-owner.ts';
import { replaceWithin } from './yaml-part.ts';
import type { Change, Planned } from './yaml-prove.ts';
import { readText } from './yaml-scalar.ts';

/** The parts of a version that a text holds, and the text that holds other ones. The two are inverse. */
export interface Codec {
  /** Undefined for a text that is none of this form. Parts the text does not have are left out. */
  read(text: string): Version | undefined;
  /** The text with the version's parts in place of its own, or undefined when it cannot hold them. */
  write(text: string, version: Version): string | undefined;
  /** Whether the new text is the same whatever stands there now, which may then be a text of several lines. */
  readonly replaces?: boolean;
}

/** One scalar that holds some parts of an artifact's version, or all of them. */
export interface Spot {
  readonly document: number;
  readonly at: Located;
  readonly codec: Codec;
}

/** Where one artifact has its version: in scalars of the file, or in those of a YAML text within a scalar. */
export type Site = ScalarSite | EmbeddedSite;

interface Named {
  readonly artifact: string;
  /** Artifacts of one unit say the same thing together: they move together or not at all. */
  readonly unit?: string | undefined;
}

export interface ScalarSite extends Named {
  readonly kind: 'scalars';
  readonly spots: readonly Spot[];
  /** Why a version is none that can be promoted, such as a tag that moves by itself; undefined when it can. */
  readonly obstacle?: ((version: Version) => string | undefined) | undefined;
  /** What to say where no version stands. */
  readonly empty?: string | undefined;
  /** The bot that writes it, where something beside its scalars says so. */
  readonly owner?: string | undefined;
}

export interface EmbeddedSite extends Named {
  readonly kind: 'embedded';
  readonly within: Embedded;
  readonly sites: SiteFinder;
  /** Its name among the sites of the text within. */
  readonly inner: string;
}

export interface Sites {
  readonly sites: readonly Site[];
  readonly refusals: readonly Refusal[];
}

/** Finds the sites of a file. Pure: the same file gives the same sites. */
export type SiteFinder = (file: YamlFile) => Sites;

export type SiteRead =
  | { readonly ok: true; readonly found: ArtifactVersion }
  | { readonly ok: false; readonly refusal: Refusal };

/** What stands at a site. A version without any part is a refusal: there is nothing to move. */
export function readSite(file: YamlFile, site: Site): SiteRead {
  const read = site.kind === 'embedded' ? readWithin(file, site) : readScalars(file, site);
  if (read.ok) return { ok: true, found: { ...read.found, ...nameOf(site) } };
  const { present } = read.refusal;
  const named = { ...read.refusal, ...nameOf(site) };
  return { ok: false, refusal: present === undefined ? named : { ...named, present: { ...present, ...nameOf(site) } } };
}

function nameOf({ artifact, unit }: Named): Named {
  return unit === undefined ? { artifact } : { artifact, unit };
}

function readScalars(file: YamlFile, site: ScalarSite): SiteRead {
  const version: Record<string, string> = {};
  const lines: number[] = [];
  let owner = site.owner;
  for (const spot of site.spots) {
    const read = readText(file, spot.at);
    if (!read.ok) return read;
    const parts = spot.codec.read(read.text);
    if (parts === undefined)
      return refuse(
        read.line,
        `${spot.at.path} is \`${shown(read.text)}\`, which holds no version of ${site.artifact}.`,
      );
    Object.assign(version, parts);
    if (Object.keys(parts).length > 0) lines.push(read.line);
    owner ??= ownerOf(file, spot.at);
  }
  const line = lines[0] ?? firstLine(file, site);
  if (lines.length === 0) return refuse(line, site.empty ?? `${site.artifact} has no version to move. Write one.`);
  const found = { artifact: site.artifact, version, line, ...(owner === undefined ? {} : { owner }) };
  const obstacle = site.obstacle?.(version);
  return obstacle === undefined
    ? { ok: true, found }
    : { ok: false, refusal: { line, reason: obstacle, present: found } };
}

function firstLine(file: YamlFile, { spots }: ScalarSite): number {
  return lineAt(file.lineStarts, spots[0]?.at.value.start ?? 0);
}

function refuse(line: number | undefined, reason: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { line, reason } };
}

function readWithin(file: YamlFile, outer: EmbeddedSite): SiteRead {
  const { within } = outer;
  const read = readEmbedded(file, within);
  if (!read.ok) return read;
  const site = innerSite(read.inner, outer);
  if (site === undefined) return refuse(read.line, `${outer.inner} is not in the text of ${within.at.path}.`);
  const found = readSite(read.inner, site);
  if (found.ok) return { ok: true, found: { ...found.found, line: found.found.line + read.linesBefore } };
  return { ok: false, refusal: moved(found.refusal, read.linesBefore) };
}

interface InnerSites extends Sites {
  readonly byName: ReadonlyMap<string, Site>;
}

/** What was found already: a text within is looked through once, however many artifacts it holds. */
const found = new WeakMap<YamlFile, Map<SiteFinder, InnerSites>>();

function sitesOf(file: YamlFile, finder: SiteFinder): InnerSites {
  const known = found.get(file) ?? new Map<SiteFinder, InnerSites>();
  found.set(file, known);
  const sites = known.get(finder) ?? withNames(finder(file));
  known.set(finder, sites);
  return sites;
}

function withNames({ sites, refusals }: Sites): InnerSites {
  return { sites, refusals, byName: new Map(sites.toReversed().map((site) => [site.artifact, site])) };
}

/** The site of an artifact in the text within, which was read from the scalar that holds it. */
export function innerSite(file: YamlFile, { sites, inner }: EmbeddedSite): Site | undefined {
  return sitesOf(file, sites).byName.get(inner);
}

/** A refusal of an embedded text as one of the file around it. */
export function moved(refusal: Refusal, linesBefore: number): Refusal {
  const { line, present } = refusal;
  return {
    ...refusal,
    ...(line === undefined ? { line } : { line: line + linesBefore }),
    ...(present === undefined ? {} : { present: { ...present, line: present.line + linesBefore } }),
  };
}

/** The changes that make sites read as the edits ask, or every reason why one of them cannot be made. */
export function planEdits(file: YamlFile, { sites, refusals }: Sites, edits: readonly Edit[]): Planned {
  const within = new Map<YamlNode, EmbeddedEdit[]>();
  const byName = Map.groupBy(sites, ({ artifact }) => artifact);
  const steps = edits.map((edit): Planned => {
    const [site, second] = byName.get(edit.artifact) ?? [];
    if (site !== undefined && second === undefined) {
      if (site.kind === 'scalars') return named(site, planScalars(file, site, edit.version));
      const { value } = site.within.at;
      const together = within.get(value) ?? [];
      together.push({ site, version: edit.version });
      within.set(value, together);
      return { ok: true, changes: [] };
    }
    const { artifact } = edit;
    const cannotMove = (reason: string): Planned => ({ ok: false, refusals: [{ line: undefined, reason, artifact }] });
    if (second !== undefined) return cannotMove(`${artifact} stands in more than one place. Select one of them.`);
    const about = refusals.filter((one) => one.artifact === undefined || one.artifact === artifact);
    return about.length > 0
      ? { ok: false, refusals: about }
      : cannotMove(`${artifact} is not in this file, or not among what may move.`);
  });
  for (const together of within.values()) steps.push(...planWithin(file, together));
  const all = steps.flatMap((step) => (step.ok ? [] : step.refusals));
  if (all.length > 0) return { ok: false, refusals: all };
  return { ok: true, changes: steps.flatMap((step) => (step.ok ? step.changes : [])) };
}

function cannot(line: number | undefined, reason: string): Planned {
  return { ok: false, refusals: [{ line, reason }] };
}

function named(site: Site, planned: Planned): Planned {
  return planned.ok ? planned : { ok: false, refusals: planned.refusals.map((one) => ({ ...one, ...nameOf(site) })) };
}

interface EmbeddedEdit {
  readonly site: EmbeddedSite;
  readonly version: Version;
}

/** The edits of one text within a scalar are made together: it is rewritten and proved once. */
function planWithin(file: YamlFile, edits: readonly EmbeddedEdit[]): readonly Planned[] {
  return [...new Set(edits.map(({ site }) => site.sites))].flatMap((finder) => {
    const together = edits.filter(({ site }) => site.sites === finder);
    const [first] = together;
    if (first === undefined) return [];
    const inner = together.map(({ site, version }) => ({ artifact: site.inner, version }));
    const planned = planEmbedded(file, first.site.within, (text) => planEdits(text, sitesOf(text, finder), inner));
    if (planned.ok || together.length === 1) return [named(first.site, planned)];
    const refusals = planned.refusals.map((refusal) => {
      const about = together.find(({ site }) => site.inner === refusal.artifact);
      return about === undefined ? refusal : { ...refusal, ...nameOf(about.site) };
    });
    return [{ ok: false, refusals }];
  });
}

function planScalars(file: YamlFile, site: ScalarSite, version: Version): Planned {
  const changes: Change[] = [];
  const held: Record<string, string> = {};
  for (const { document, at, codec } of site.spots) {
    const read = readText(file, at);
    if (!read.ok && codec.replaces !== true) return { ok: false, refusals: [read.refusal] };
    const before = read.ok ? read.text : undefined;
    const text = codec.write(before ?? '', version);
    if (text === undefined) {
      if (!read.ok) return { ok: false, refusals: [read.refusal] };
      return cannot(read.line, `${at.path} cannot hold the version ${Object.values(version).join(' ')}.`);
    }
    Object.assign(held, codec.read(text));
    // Nothing is nothing, in quotes or without; and a part that stays keeps its spelling while another one moves.
    if (text === before && (text === '' || site.spots.length > 1)) continue;
    const replaced = replaceWithin(file, at, text);
    if (!replaced.ok) return { ok: false, refusals: [replaced.refusal] };
    if (replaced.splices.length > 0) changes.push({ splices: replaced.splices, paths: [[document, ...at.segments]] });
  }
  const lost = Object.keys(version).find((part) => held[part] !== version[part]);
  if (lost === undefined) return { ok: true, changes };
  const reason = `${site.artifact} has no place for the ${lost} that belongs to this version. Add it once by hand.`;
  return cannot(firstLine(file, site), reason);
}
