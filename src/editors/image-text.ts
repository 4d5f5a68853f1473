import type { Version } from '../domain/version.ts';
import { isMovingImage, isMovingTag, movingTagReason } from './moving-tag.ts';
import type { Codec } from './yaml-sites.ts';

/** An image in one text: `ghcr.io/acme/web:v1@sha256:…`. The colon of a port is before the last slash. */
export interface ImageText {
  /** Registry and repository. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const imagePattern =
  /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._/-]|:[0-9]+\/)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[a-z0-9+._-]+:[A-Fa-f0-9]{3,}))?$/u;

/** The parts of an image in one text, or undefined when it is none. `printImage` is the inverse. */
export function parseImage(text: string): ImageText | undefined {
  const groups = imagePattern.exec(text)?.groups;
  return groups?.['name'] === undefined
    ? undefined
    : { name: groups['name'], tag: groups['tag'], digest: groups['digest'] };
}

export function printImage({ name, tag, digest }: ImageText): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The name of an image in a text, whatever its version looks like: it may be a template or a range. */
export function imageName(text: string): string {
  const [named = ''] = text.split('@', 1);
  const [plain = ''] = named.split(':{{', 1);
  const colon = plain.indexOf(':', plain.lastIndexOf('/') + 1);
  return colon === -1 ? plain : plain.slice(0, colon);
}

/** Tag and digest of an image in one text; its name stays. */
export const imageCodec: Codec = {
  read(text) {
    const image = parseImage(text);
    return image === undefined ? undefined : parts(image);
  },
  write(text, { tag, digest }) {
    const image = parseImage(text);
    if (image === undefined) return undefined;
    const written = printImage({ name: image.name, tag, digest });
    return parseImage(written) === undefined ? undefined : written;
  },
};

function parts({ tag, digest }: ImageText): Version {
  return { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** Why an image's version cannot be promoted: its tag moves by itself and no digest holds it. */
export function imageObstacle({ tag = '', digest }: Version): string | undefined {
  return digest === undefined && isMovingTag(tag) ? movingTagReason : undefined;
}

/** A scalar that is one part of a version and nothing else. */
export function wholeCodec(part: string): Codec {
  return {
    read: (text) => (text === '' ? {} : { [part]: text }),
    write: (_, version) => version[part] ?? '',
  };
}

/** Why a text that may be a tag or a whole image cannot be promoted. */
export function valueObstacle({ value = '' }: Version): string | undefined {
  return isMovingTag(value) || isMovingImage(value) ? movingTagReason : undefined;
}
