import type { Version } from '../domain/version.ts';
import { imageObstacle, wholeCodec } from './image-text.ts';
import type { YamlMap, YamlNode } from './yaml.ts';
import { isNull, lookup } from './yaml-locate.ts';
import type { Codec } from './yaml-sites.ts';

/** One part of an image that has its parts under keys of their own. */
export interface ImagePart {
  readonly key: string;
  readonly codec: Codec;
}

export interface ImageMapWhere {
  readonly with?: readonly ('repository' | 'registry')[] | undefined;
  readonly emptyTag?: 'appVersion' | undefined;
}

/** Fields that hold a digest; `sha` one without its `sha256:`. */
const digestKeys = ['digest', 'sha'] as const;

const repositoryKeys = ['repository', 'image', 'name'] as const;

/**
 * The parts that move of a map that is an image: it has a repository (or `image`, `name`) and a tag or a digest beside it.
 * Undefined for any other map.
 */
export function imageParts(map: YamlMap, where: ImageMapWhere): readonly ImagePart[] | undefined {
  const repository = repositoryKeys.find((key) => mayBeText(map, key));
  const has = (key: string): boolean => lookup(map, key).kind !== 'none';
  if (repository === undefined || !hasImageVersion(map)) return undefined;
  const moves = (part: 'repository' | 'registry'): boolean => where.with?.includes(part) === true;
  const codecs = { tag: tagCodec(where.emptyTag !== undefined), ...digestCodecs };
  return [
    ...(moves('registry') && has('registry') ? [{ key: 'registry', codec: keptCodec('registry') }] : []),
    ...(moves('repository') ? [{ key: repository, codec: keptCodec('repository') }] : []),
    ...versionPlaces(map).map((key) => ({ key, codec: codecs[key] })),
  ];
}

/** Fields of an image in a map that say its version. */
const versionKeys = ['tag', ...digestKeys] as const;

/** Those a map has. An empty digest beside a filled one stays empty: the digest is where it is. */
export function versionPlaces(map: YamlMap): readonly (typeof versionKeys)[number][] {
  const there = versionKeys.filter((key) => lookup(map, key).kind !== 'none');
  const [place = there.find((key) => key !== 'tag')] = digestPlaces(map);
  return there.filter((key) => key === 'tag' || key === place || textOf(map, key) !== '');
}

/** Whether a map has a field that says the version of an image. */
export function hasImageVersion(map: YamlMap): boolean {
  return versionKeys.some((field) => lookup(map, field).kind !== 'none');
}

/** Whether an image map says its digest more than once: in the tag and under its own key, or under two. */
export function hasTwoDigests(map: YamlMap): boolean {
  return digestPlaces(map).length > 1;
}

function digestPlaces(map: YamlMap): readonly string[] {
  return ['tag', ...digestKeys].filter((key) => (key === 'tag' ? /@/u : /./su).test(textOf(map, key)));
}

/** Why what an image map holds cannot be promoted; undefined when it can. */
export function imageMapObstacle(version: Version, { empty }: { readonly empty: string }): string | undefined {
  return version['tag'] === undefined && version['digest'] === undefined ? empty : imageObstacle(version);
}

function mayBeText(map: YamlMap, key: string): boolean {
  const found = lookup(map, key);
  if (found.kind !== 'own') return found.kind !== 'none';
  const kind = scalarOf(found.entry.value)?.kind;
  return kind === 'scalar';
}

function textOf(map: YamlMap, key: string): string {
  const found = lookup(map, key);
  const value = found.kind === 'own' ? scalarOf(found.entry.value) : undefined;
  return value?.kind === 'scalar' && !isNull(value) ? value.text : '';
}

function scalarOf(node: YamlNode | undefined): YamlNode | undefined {
  return node?.kind === 'alias' ? node.target : node;
}

/** The tag, which may carry the digest: `v1@sha256:…`. A digest has a place here only where one stands. */
function tagCodec(mayBeEmpty: boolean): Codec {
  return {
    read(text) {
      if (text === '') return mayBeEmpty ? { tag: '' } : {};
      const at = text.indexOf('@');
      if (at < 0) return { tag: text };
      return { ...(at === 0 ? {} : { tag: text.slice(0, at) }), digest: text.slice(at + 1) };
    },
    write(text, { tag, digest }) {
      if (tag === undefined || tag === '') return text === '' || (mayBeEmpty && tag === '') ? '' : undefined;
      return text.includes('@') && digest !== undefined ? `${tag}@${digest}` : tag;
    },
  };
}

const algorithm = 'sha256:';

export const digestCodecs = {
  digest: wholeCodec('digest'),
  /** A digest that is written without `sha256:`, unless somebody wrote it all the same. */
  sha: {
    read: (text) => (text === '' ? {} : { digest: text.includes(':') ? text : `${algorithm}${text}` }),
    write(text, { digest = '' }) {
      if (digest !== '' && !digest.startsWith(algorithm)) return undefined;
      return text.startsWith(algorithm) ? digest : digest.slice(algorithm.length);
    },
  },
} as const satisfies Readonly<Record<string, Codec>>;

/** A part that a version may not lack where the file has it: without it another image would run. */
function keptCodec(part: string): Codec {
  return {
    read: (text) => (text === '' ? {} : { [part]: text }),
    write: (text, version) => version[part] ?? (text === '' ? '' : undefined),
  };
}
