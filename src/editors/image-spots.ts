import type { Refusal } from './editor.ts';
import { digestCodecs, hasImageVersion, hasTwoDigests, versionPlaces } from './image-map.ts';
import { parseImage } from './image-text.ts';
import type { YamlFile, YamlMap } from './yaml.ts';
import { textAt, valueAt } from './yaml-documents.ts';
import { lineAt } from './yaml-lines.ts';
import { joinPath, locate, type PathStep } from './yaml-locate.ts';
import type { Codec, Spot } from './yaml-sites.ts';

export type ImageMapRead =
  | { readonly ok: true; readonly spots: readonly Spot[] }
  | { readonly ok: false; readonly refusal: Refusal };

export interface ImageMapAt {
  readonly document: number;
  readonly steps: readonly PathStep[];
  readonly map: YamlMap;
}

/** Where an image that is written as a map, `{repository, tag, digest}`, has its tag and digest. They move together. */
export function imageMapSpots(file: YamlFile, { document, steps, map }: ImageMapAt): ImageMapRead {
  if (hasTwoDigests(map)) {
    const reason = `${steps.reduce<string>(joinPath, '')} holds its digest twice, in its tag or under two keys. Keep one of them.`;
    return { ok: false, refusal: { line: lineAt(file.lineStarts, map.start), reason } };
  }
  const places = versionPlaces(map);
  const codecs = { tag: places.length > 1 ? tagCodec : tagAndDigestCodec, ...digestCodecs };
  const spots: Spot[] = [];
  for (const key of places) {
    const located = locate(file, document, [...steps, key]);
    if (!located.ok) return located;
    spots.push({ document, at: located.at, codec: codecs[key] });
  }
  return { ok: true, spots };
}

/** Whether a map is an image for certain, whatever it is called: it says where the image is, and which one. */
export function isImageMap(map: YamlMap): boolean {
  const named = ['repository', 'registry', 'image', 'repo'].some((key) => valueAt(map, key)?.kind === 'scalar');
  return hasImageVersion(map) && (named || textAt(map, 'name').includes('/'));
}

/** A tag, with the digest behind it where there is one: `v1@sha256:…`. */
const tagAndDigestCodec: Codec = {
  read(text) {
    if (text === '') return {};
    const image = parseImage(`image:${text}`);
    if (image?.tag === undefined) return undefined;
    return { tag: image.tag, ...(image.digest === undefined ? {} : { digest: image.digest }) };
  },
  write(_, { tag, digest }) {
    const text = `${tag ?? ''}${digest === undefined ? '' : `@${digest}`}`;
    return tagAndDigestCodec.read(text) === undefined ? undefined : text;
  },
};

/** A tag whose digest has a field of its own. */
const tagCodec: Codec = {
  read: (text) => (text.includes('@') ? undefined : tagAndDigestCodec.read(text)),
  write: (_, { tag = '' }) => (tagCodec.read(tag) === undefined ? undefined : tag),
};
