import type { Version } from '../domain/version.ts';
import { imageObstacle } from './image-text.ts';
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

const repositoryKeys = ['repository', 'image', 'name'] as const;

/**
 * The parts that move of a map that is an image: it has a repository (or `image`, `name`) and a tag or a digest beside it.
 * Undefined for any other map.
 */
export function imageParts(map: YamlMap, where: ImageMapWhere): readonly ImagePart[] | undefined {
  const repository = repositoryKeys.find((key) => mayBeText(map, key));
  const has = (key: string): boolean => lookup(map, key).kind !== 'none';
  if (repository === undefined || !(has('tag') || has('digest'))) return undefined;
  const moves = (part: 'repository' | 'registry'): boolean => where.with?.includes(part) === true;
  const digestInTag = textOf(map, 'tag').includes('@');
  return [
    ...(moves('registry') && has('registry') ? [{ key: 'registry', codec: keptCodec('registry') }] : []),
    ...(moves('repository') ? [{ key: repository, codec: keptCodec('repository') }] : []),
    ...(has('tag') ? [{ key: 'tag', codec: tagCodec(where.emptyTag !== undefined) }] : []),
    // An empty digest beside `v1@sha256:…` stays empty: the digest is where the tag is.
    ...(has('digest') && !(digestInTag && textOf(map, 'digest') === '') ? [{ key: 'digest', codec: digestCodec }] : []),
  ];
}

/** Whether an image map says its digest twice, in the tag and under its own key. */
export function hasTwoDigests(map: YamlMap): boolean {
  return textOf(map, 'tag').includes('@') && textOf(map, 'digest') !== '';
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

const digestCodec: Codec = {
  read: (text) => (text === '' ? {} : { digest: text }),
  write: (_, { digest = '' }) => digest,
};

/** A part that a version may not lack where the file has it: without it another image would run. */
function keptCodec(part: string): Codec {
  return {
    read: (text) => (text === '' ? {} : { [part]: text }),
    write: (text, version) => version[part] ?? (text === '' ? '' : undefined),
  };
}
