import type { Refusal } from './editor.ts';
import { parseImage, wholeCodec } from './image-text.ts';
import type { YamlFile, YamlMap } from './yaml.ts';
import { textAt, valueAt } from './yaml-documents.ts';
import { type Located, locate, lookup, type PathStep } from './yaml-locate.ts';
import { readText } from './yaml-scalar.ts';
import type { Codec, Spot } from './yaml-sites.ts';

export type ImageMapRead =
  | { readonly ok: true; readonly spots: readonly Spot[] }
  | { readonly ok: false; readonly refusal: Refusal };

export interface ImageMapAt {
  readonly document: number;
  readonly steps: readonly PathStep[];
  readonly map: YamlMap;
}

/** Fields of an image in a map that say its version; `sha` is a digest without its `sha256:`. */
const versionFields = ['tag', 'digest', 'sha'] as const;

/** Where an image that is written as a map, `{repository, tag, digest}`, has its tag and digest. They move together. */
export function imageMapSpots(file: YamlFile, { document, steps, map }: ImageMapAt): ImageMapRead {
  const found: { readonly field: (typeof versionFields)[number]; readonly at: Located }[] = [];
  for (const field of versionFields) {
    if (lookup(map, field).kind === 'none') continue;
    const located = locate(file, document, [...steps, field]);
    if (!located.ok) return located;
    found.push({ field, at: located.at });
  }
  // A digest that is written into the tag leaves an empty field beside it empty.
  const inTag = found.some(({ field, at }) => field === 'tag' && textOf(file, at).includes('@'));
  const others = found.filter(({ field }) => field !== 'tag');
  const only = inTag && others.every(({ at }) => textOf(file, at) === '');
  const used = only ? found.filter(({ field }) => field === 'tag') : found;
  const codecs = { tag: used.length > 1 ? tagCodec : tagAndDigestCodec, digest: wholeCodec('digest'), sha: shaCodec };
  return { ok: true, spots: used.map(({ field, at }) => ({ document, at, codec: codecs[field] })) };
}

/** Whether a map has a field that says the version of an image. */
export function hasImageVersion(map: YamlMap): boolean {
  return versionFields.some((field) => lookup(map, field).kind !== 'none');
}

/** Whether a map is an image for certain, whatever it is called: it says where the image is, and which one. */
export function isImageMap(map: YamlMap): boolean {
  const named = ['repository', 'registry', 'image', 'repo'].some((key) => valueAt(map, key)?.kind === 'scalar');
  return hasImageVersion(map) && (named || textAt(map, 'name').includes('/'));
}

function textOf(file: YamlFile, at: Located): string {
  const read = readText(file, at);
  return read.ok ? read.text : '?';
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

const algorithm = 'sha256:';

/** A digest that is written without `sha256:`, unless somebody wrote it all the same. */
const shaCodec: Codec = {
  read: (text) => (text === '' ? {} : { digest: text.includes(':') ? text : `${algorithm}${text}` }),
  write(text, { digest = '' }) {
    if (digest !== '' && !digest.startsWith(algorithm)) return undefined;
    return text.startsWith(algorithm) ? digest : digest.slice(algorithm.length);
  },
};
