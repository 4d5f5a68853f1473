import { keyPathOf, selectsVersion, valuePrefix } from './artifact-selector.ts';
import type { Refusal } from './editor.ts';
import { hasImageVersion } from './image-map.ts';
import { isImageMap } from './image-spots.ts';
import { parseImage } from './image-text.ts';
import { parseKeyPath } from './key-path.ts';
import { isImageKey, valueSite } from './value-site.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { type Embedded, readEmbedded } from './yaml-embedded.ts';
import { itemField, joinPath, keyText, locate, lookup, type PathStep } from './yaml-locate.ts';
import { moved, type ScalarSite, type Site, type SiteFinder, type Sites } from './yaml-sites.ts';
import { mapsBelow } from './yaml-walk.ts';

/** Where the values of a chart stand: in a map, or as YAML within a text. */
export interface ValuesRoot {
  readonly document: number;
  readonly steps: readonly PathStep[];
  readonly form: 'map' | 'text';
}

/**
 * The values that are selected: one that is named by its path, `value/image.tag`, whatever it is; by a pattern only images, since
 * the rest of the values is what makes environments differ. A path must lead to a value in one of the roots.
 */
export function valueSites(file: YamlFile, roots: readonly ValuesRoot[], selectors: readonly string[]): Sites {
  const paths = [...new Set(selectors)].filter((one) => keyPathOf(one) !== undefined && !one.includes('*'));
  const patterns = selectors.filter((one) => one.includes('*'));
  const opened = roots.map((root) => open(file, root, selectors));
  const named = paths.flatMap((artifact) => sitesOfPath(artifact, opened, selectors));
  const found = patterns.length === 0 ? [] : opened.flatMap((one) => sitesOfPatterns(one, patterns, selectors));
  const sites: Site[] = [];
  const refusals = [...named, ...found].flatMap((one) => ('reason' in one ? [one] : []));
  const taken = new Map<YamlFile, Map<string, Site>>();
  for (const one of [...named, ...found]) {
    if ('reason' in one) continue;
    const { site, inner, file: text } = one;
    const known = taken.get(text) ?? new Map<string, Site>();
    taken.set(text, known);
    const places = placesOf(inner);
    // A value of which another one is part, or that is part of another one.
    const other = places.map((place) => known.get(place)).find((each) => each !== undefined);
    if (other === undefined) sites.push(site);
    else if (named.includes(one)) refusals.push(partOf(site.artifact, other.artifact));
    for (const place of places) known.set(place, other ?? site);
  }
  return { sites, refusals };
}

interface Made {
  readonly site: Site;
  /** Where it is in the file it stands in, which is the text within for a text. */
  readonly inner: ScalarSite;
  readonly file: YamlFile;
}

interface OpenValues {
  readonly ok: true;
  /** The file the values are in: the text within, for a text. */
  readonly file: YamlFile;
  readonly document: number;
  readonly steps: readonly PathStep[];
  readonly node: YamlNode;
  readonly outer: Outer | undefined;
}

interface Outer {
  readonly within: Embedded;
  readonly linesBefore: number;
  readonly sites: SiteFinder;
}

type Opened = OpenValues | { readonly ok: false; readonly refusal: Refusal };

function open(file: YamlFile, { document, steps, form }: ValuesRoot, selectors: readonly string[]): Opened {
  const located = locate(file, document, steps);
  if (!located.ok) return located;
  const { at } = located;
  if (form === 'map') return { ok: true, file, document, steps, node: at.value, outer: undefined };
  const within = { document, at };
  const read = readEmbedded(file, within);
  if (!read.ok) return read;
  const { inner, linesBefore } = read;
  const node = inner.documents[0]?.root;
  if (node === undefined) return { ok: false, refusal: { line: read.line, reason: `${at.path} is empty.` } };
  const sites: SiteFinder = (text) => valueSites(text, [{ document: 0, steps: [], form: 'map' }], selectors);
  const outer = { within, linesBefore, sites };
  return { ok: true, file: inner, document: 0, steps: [], node, outer };
}

function sitesOfPath(
  artifact: string,
  opened: readonly Opened[],
  selectors: readonly string[],
): readonly (Made | Refusal)[] {
  const path = parseKeyPath(keyPathOf(artifact) ?? '');
  if (!path.ok) return [{ line: undefined, artifact, reason: path.problem }];
  const closed = opened.flatMap((one) => (one.ok ? [] : [{ ...one.refusal, artifact }]));
  if (closed.length > 0) return closed;
  const readable = opened.flatMap((one) => (one.ok ? [one] : []));
  const having = readable.filter(({ node }) => mayHave(node, path.steps));
  const used = having.length > 0 ? having : readable.slice(0, 1);
  if (used.length === 0) {
    const reason = `${artifact} is missing: no values of a chart are written here. Pawl never adds a key; add it once by hand.`;
    return [{ line: undefined, artifact, reason }];
  }
  return used.map((values) => siteWithin(values, { artifact, steps: path.steps }, selectors));
}

/** Whether a value may stand at a path. What is behind an alias or a merge key counts: locating it says why it is refused. */
export function mayHave(node: YamlNode | undefined, [step, ...rest]: readonly PathStep[]): boolean {
  if (step === undefined) return true;
  if (node?.kind === 'alias') return mayHave(node.target, [step, ...rest]);
  if (node?.kind === 'map' && typeof step === 'string') {
    const found = lookup(node, step);
    return found.kind === 'own' ? mayHave(found.entry.value, rest) : found.kind !== 'none';
  }
  if (node?.kind !== 'list' || typeof step === 'string') return false;
  if (typeof step === 'number') return node.items[step] !== undefined && mayHave(node.items[step], rest);
  return node.items.some((item) => {
    const field = itemField(item, step.key);
    return field.kind === 'unsure' || (field.kind === 'text' && field.text === step.value && mayHave(item, rest));
  });
}

function sitesOfPatterns(
  values: Opened,
  patterns: readonly string[],
  selectors: readonly string[],
): readonly (Made | Refusal)[] {
  if (!values.ok) {
    const blind = patterns.some((one) => one.startsWith(valuePrefix) || one === '*');
    return blind ? [{ ...values.refusal, artifact: `${valuePrefix}*` }] : [];
  }
  return imagesBelow(values.node).flatMap((steps) => {
    const artifact = `${valuePrefix}${steps.reduce<string>(joinPath, '')}`;
    return selectsVersion(patterns, artifact) ? [siteWithin(values, { artifact, steps }, selectors)] : [];
  });
}

/** The images below a node that can be told for certain, as maps or as one text. An image within an image is no further one. */
function imagesBelow(root: YamlNode): readonly (readonly PathStep[])[] {
  const images: (readonly PathStep[])[] = [];
  // Maps come in the order in which they are written, so that only the last image can hold the next map.
  let last: readonly PathStep[] | undefined;
  for (const { map, steps } of mapsBelow(root)) {
    if (last?.every((step, index) => sameStep(step, steps[index])) === true) continue;
    if (isImageMap(map) || (isImageKey(steps) && hasImageVersion(map))) {
      images.push(steps);
      last = steps;
      continue;
    }
    for (const { key, value } of map.entries) {
      const text = keyText(key);
      if (text === undefined || value?.kind !== 'scalar' || !isImageKey([text])) continue;
      const image = parseImage(value.text);
      if (image?.tag !== undefined || image?.digest !== undefined) images.push([...steps, text]);
    }
  }
  return images.filter((steps) => steps.length > 0);
}

function sameStep(a: PathStep, b: PathStep | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.key === b.key && a.value === b.value;
}

function siteWithin(
  { file, document, steps: base, outer }: OpenValues,
  { artifact, steps }: { readonly artifact: string; readonly steps: readonly PathStep[] },
  selectors: readonly string[],
): Made | Refusal {
  const isSelected = (other: string): boolean => selectors.includes(other);
  const beside = (key: string): string => `${valuePrefix}${[...steps.slice(0, -1), key].reduce<string>(joinPath, '')}`;
  const made = valueSite(file, { document, base, path: steps, artifact, beside, isSelected });
  if ('reason' in made) return outer === undefined ? made : moved(made, outer.linesBefore);
  if (outer === undefined) return { site: made, inner: made, file };
  const { within, sites } = outer;
  const site = { kind: 'embedded', artifact, unit: made.unit, within, inner: artifact, sites } as const;
  return { site, inner: made, file };
}

function placesOf({ spots }: ScalarSite): readonly string[] {
  return spots.map(({ document, at }) => JSON.stringify([document, ...at.segments]));
}

function partOf(artifact: string, other: string): Refusal {
  return {
    line: undefined,
    artifact,
    reason: `${artifact} is part of ${other}, and both are selected. Select one of them.`,
  };
}
