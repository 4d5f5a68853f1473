import type { Version } from '../domain/version.ts';
import type { Refusal } from './editor.ts';
import { hasImageVersion, imageMapSpots } from './image-spots.ts';
import { imageCodec, imageObstacle, wholeCodec } from './image-text.ts';
import { isMovingTag, movingTagReason } from './moving-tag.ts';
import { revisionObstacle } from './moving-version.ts';
import { pairName, partnerOf } from './tag-digest-pair.ts';
import type { YamlFile } from './yaml.ts';
import { textAt, valueAt } from './yaml-documents.ts';
import { positionRefusal } from './yaml-items.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, isTemplate, kindOf, type Located, locate, type PathStep } from './yaml-locate.ts';
import type { ScalarSite } from './yaml-sites.ts';

export interface ValueAt {
  readonly document: number;
  /** The way to the node the path begins at. */
  readonly base: readonly PathStep[];
  /** The path somebody wrote. */
  readonly path: readonly PathStep[];
  readonly artifact: string;
  /** The artifact of the value under another key of the same map. */
  readonly beside: (key: string) => string;
  readonly isSelected: (artifact: string) => boolean;
}

/**
 * The site of one value somebody chose: tag and digest of an image that is written as a map or as one text, and any other
 * value as it is. Which of them it is depends on its key and its shape, so that it is the same in every environment.
 */
export function valueSite(file: YamlFile, value: ValueAt): ScalarSite | Refusal {
  const { document, base, path, artifact } = value;
  const steps = [...base, ...path];
  const located = locate(file, document, steps);
  if (!located.ok) return { ...located.refusal, artifact };
  const { at } = located;
  const byPosition = positionRefusal(file, { ...at, trail: at.trail.slice(base.length) }, path);
  if (byPosition !== undefined) return { ...byPosition, artifact };
  const node = at.value;
  if (node.kind === 'map' && !isTemplate(file, node)) {
    if (!hasImageVersion(node)) return notOne(file, at, artifact);
    const read = imageMapSpots(file, { document, steps, map: node });
    if (!read.ok) return { ...read.refusal, artifact };
    return { kind: 'scalars', artifact, spots: read.spots, obstacle: imageObstacle };
  }
  if (isImageKey(steps)) {
    return { kind: 'scalars', artifact, spots: [{ document, at, codec: imageCodec }], obstacle: imageObstacle };
  }
  return plainSite(file, at, value);
}

function notOne(file: YamlFile, { path, value }: Located, artifact: string): Refusal {
  const reason = `${path} is ${kindOf(file, value)}, and no image with a tag or a digest. Select the value inside it.`;
  return { line: lineAt(file.lineStarts, value.start), artifact, reason };
}

/** Whether a value is an image by the name of its key, or of the list it stands in: `image`, `sidecarImage`, `images`. */
export function isImageKey(steps: readonly PathStep[]): boolean {
  const key = steps.findLast((step) => typeof step === 'string');
  const inList = typeof steps.at(-1) !== 'string';
  return key !== undefined && (inList ? /images?$/iu : /image$/iu).test(key);
}

function plainSite(file: YamlFile, at: Located, value: ValueAt): ScalarSite | Refusal {
  const { document, artifact } = value;
  const key = String(at.segments.at(-1));
  const partner = partnerIn(at, key);
  const other = partner === undefined ? undefined : value.beside(partner);
  if (partner !== undefined && other !== undefined && !value.isSelected(other)) {
    const reason = `${partner} stands beside ${at.path} and says which image runs too; moving one alone would contradict the other. Select \`${other}\` too.`;
    return { line: lineAt(file.lineStarts, at.value.start), artifact, reason };
  }
  const spots = [{ document, at, codec: wholeCodec('value') }];
  if (other !== undefined) return { kind: 'scalars', artifact, spots, unit: pairName(artifact, other) };
  return { kind: 'scalars', artifact, spots, obstacle: textObstacle(key) };
}

/** The key of the digest beside a tag, or of the tag beside a digest, where it is filled. */
function partnerIn({ trail }: Located, key: string): string | undefined {
  const map = trail.at(-1);
  const partner = partnerOf(key);
  const value = partner === undefined ? undefined : valueAt(map, partner);
  if (value === undefined || partner === undefined) return undefined;
  const empty = isNull(value) || (value.kind === 'scalar' && textAt(map, partner) === '');
  return empty ? undefined : partner;
}

/** Why the text under a key says what runs only until the next push, by what its key says it is. */
export function textObstacle(key: string): (version: Version) => string | undefined {
  return ({ value = '' }) => {
    if (/tag$/iu.test(key) && isMovingTag(value)) return movingTagReason;
    return /revision$/iu.test(key) ? revisionObstacle(value) : undefined;
  };
}
