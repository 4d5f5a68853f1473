const partners: Readonly<Record<string, string>> = {
  tag: 'digest',
  Tag: 'Digest',
  TAG: 'DIGEST',
  digest: 'tag',
  Digest: 'Tag',
  DIGEST: 'TAG',
};

/**
 * The key that says which image runs too: `imageDigest` for `imageTag`, `image.tag` for `image.digest`. Moved alone, one would
 * contradict the other. Undefined for a key that is neither.
 */
export function partnerOf(key: string): string | undefined {
  const ending = /(?:tag|Tag|TAG|digest|Digest|DIGEST)$/u.exec(key)?.[0];
  return ending === undefined ? undefined : `${key.slice(0, -ending.length)}${partners[ending]}`;
}

/**
 * What a key says one thing together with, by the names alone so that it is the same in every file: `IMAGE_DIGEST IMAGE_TAG` for
 * both when both are selected.
 */
export function pairOf(key: string, isSelected: (partner: string) => boolean): string | undefined {
  const partner = partnerOf(key);
  return partner === undefined || !isSelected(partner) ? undefined : pairName(key, partner);
}

export function pairName(artifact: string, partner: string): string {
  return [artifact, partner].toSorted().join(' ');
}
