import type { Refusal } from './editor.ts';
import { hasTwoDigests, type ImagePart, imageMapObstacle, imageParts } from './image-map.ts';
import { imageCodec, imageObstacle } from './image-text.ts';
import type { KeyPattern } from './key-pattern.ts';
import { pathText } from './key-pattern.ts';
import { isMovingImage, movingTagReason } from './moving-tag.ts';
import { textObstacle } from './value-site.ts';
import { type ChosenKey, chosenKeys } from './values-keys.ts';
import { siblingOf, siblingRefusal, unitOf } from './values-siblings.ts';
import { isSelected, isTagKey, patternsOf, type ValuesWhere } from './values-where.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { documentsIn } from './yaml-documents.ts';
import { positionRefusal } from './yaml-items.ts';
import { lineAt } from './yaml-lines.ts';
import { type Located, locate } from './yaml-locate.ts';
import type { Codec, Site, Sites, Spot } from './yaml-sites.ts';

/** Where the values stand that the keys lead to, each an artifact called by its path. */
export function valuesSites(file: YamlFile, where: ValuesWhere): Sites {
  const document = documentOf(file, where);
  if (!document.ok) return { sites: [], refusals: [document.refusal] };
  const { keys, refusals } = chosenKeys(document.root, where);
  const within: Within = { file, document: document.index, where, patterns: patternsOf(where) };
  const found = keys.map((key): Found => {
    const each = siteOf(within, key);
    if (each.kind === 'none') return each;
    // A map that is an image holds together by itself.
    const isImage = each.kind === 'site' && each.isImage;
    const unit = isImage ? undefined : unitOf({ steps: key.steps, patterns: within.patterns });
    const named = { artifact: key.artifact, ...(unit === undefined ? {} : { unit }) };
    return each.kind === 'site'
      ? { ...each, site: { ...each.site, ...named } }
      : { ...each, refusal: { ...each.refusal, ...named } };
  });
  return {
    sites: found.flatMap((each) => (each.kind === 'site' ? [each.site] : [])),
    refusals: [...refusals, ...found.flatMap((each) => (each.kind === 'refused' ? [each.refusal] : []))],
  };
}

type DocumentRead =
  | { readonly ok: true; readonly index: number; readonly root: YamlNode }
  | { readonly ok: false; readonly refusal: Refusal };

function documentOf(file: YamlFile, { document }: ValuesWhere): DocumentRead {
  const refuse = (line: number | undefined, reason: string): DocumentRead => ({ ok: false, refusal: { line, reason } });
  const [first, second] = file.documents;
  if (first === undefined) return refuse(undefined, 'The file is empty.');
  if (document !== undefined) {
    const [fitting, other] = documentsIn(file, document);
    if (fitting === undefined) return refuse(undefined, 'No document of the file is as `document` says.');
    if (other === undefined) return { ok: true, index: fitting.index, root: fitting.root };
    const line = lineAt(file.lineStarts, other.root.start);
    return refuse(
      line,
      'More than one document of the file is as `document` says. Give kind, name and namespace there.',
    );
  }
  if (second === undefined) return { ok: true, index: 0, root: first.root };
  const reason = `The file holds ${file.documents.length} YAML documents; a values file has one, and Helm reads only the first. Keep one in it, or say with \`document\` which one is meant.`;
  return refuse(lineAt(file.lineStarts, first.end), reason);
}

interface Within {
  readonly file: YamlFile;
  readonly document: number;
  readonly where: ValuesWhere;
  readonly patterns: readonly KeyPattern[];
}

type Found =
  | { readonly kind: 'site'; readonly site: Site; readonly isImage: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A pattern fits it, and it is neither a value nor an image. */
  | { readonly kind: 'none' };

function refused(refusal: Refusal): Found {
  return { kind: 'refused', refusal };
}

function siteOf(within: Within, key: ChosenKey): Found {
  const { file, document, where } = within;
  const located = locate(file, document, key.steps);
  if (!located.ok) return refused(located.refusal);
  const { at } = located;
  const position = positionRefusal(file, at, key.steps);
  if (position !== undefined) return refused(position);
  if (at.value.kind === 'map') {
    const parts = imageParts(at.value, where);
    if (parts !== undefined) return imageSite(within, key, { at, parts });
  }
  if (key.found && (at.value.kind === 'map' || at.value.kind === 'list')) return { kind: 'none' };
  const sibling = siblingOf(at, { steps: key.steps, patterns: within.patterns });
  const contradiction = siblingRefusal(file, at, sibling);
  if (contradiction !== undefined) return refused(contradiction);
  const held = sibling !== undefined;
  return { kind: 'site', isImage: false, site: valueSite(within, key, { at, held }) };
}

/** An image that has its repository, tag and digest under keys of their own: its parts move together. */
function imageSite(
  { file, document, patterns }: Within,
  { artifact, steps }: ChosenKey,
  { at, parts }: { readonly at: Located; readonly parts: readonly ImagePart[] },
): Found {
  const line = lineAt(file.lineStarts, at.key?.start ?? at.value.start);
  const twice = parts.map(({ key }) => [...steps, key]).find((path) => isSelected(patterns, path));
  if (twice !== undefined) {
    const reason = `${pathText(twice)} moves with ${artifact} already. Take one of them out of keys.`;
    return refused({ line, reason });
  }
  if (at.value.kind === 'map' && hasTwoDigests(at.value)) {
    const reason = `${artifact} holds its digest twice, in its tag or under two keys. Keep one of them.`;
    return refused({ line, reason });
  }
  const spots: Spot[] = [];
  for (const { key, codec } of parts) {
    const located = locate(file, document, [...steps, key]);
    if (!located.ok) return refused(located.refusal);
    spots.push({ document, at: located.at, codec });
  }
  const empty = emptyReason(`${at.path}.tag`);
  return {
    kind: 'site',
    isImage: true,
    site: { kind: 'scalars', artifact, spots, empty, obstacle: (version) => imageMapObstacle(version, { empty }) },
  };
}

function valueSite(
  { document, where }: Within,
  { artifact, steps }: ChosenKey,
  { at, held }: { readonly at: Located; readonly held: boolean },
): Site {
  const isTag = isTagKey(steps.at(-1));
  if (where.only === 'tag' && !isTag && !/digest$/iu.test(String(steps.at(-1)))) {
    const spots = [{ document, at, codec: imageTextCodec }];
    const empty = `${at.path} has no tag and no digest, so there is no version to move. Write one.`;
    return { kind: 'scalars', artifact, spots, empty, obstacle: imageObstacle };
  }
  const spots = [{ document, at, codec: valueCodec(isTag && where.emptyTag !== undefined) }];
  return {
    kind: 'scalars',
    artifact,
    spots,
    empty: emptyReason(at.path),
    obstacle: (version) => {
      if (isMovingImage(version['value'] ?? '')) return movingTagReason;
      return held ? undefined : textObstacle(String(steps.at(-1)))(version);
    },
  };
}

function emptyReason(path: string): string {
  return /tag$/iu.test(path)
    ? `${path} is empty, and an empty tag means the chart's appVersion, which this file does not tell. Write the tag out.`
    : `${path} is empty, so there is no version to move. Write one.`;
}

function valueCodec(mayBeEmpty: boolean): Codec {
  return {
    read: (text) => (text === '' && !mayBeEmpty ? {} : { value: text }),
    write: (_, { value }) => (value === '' && !mayBeEmpty ? undefined : value),
    replaces: true,
  };
}

/** An image in one text of which the name stays. */
const imageTextCodec: Codec = {
  read: (text) => (text === '' ? {} : imageCodec.read(text)),
  write: imageCodec.write,
};
