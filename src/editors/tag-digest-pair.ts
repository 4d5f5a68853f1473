/** How a key ends that says which image runs, and how the keys end that say it too. `sha` is a digest without its `sha256:`. */
const endings: Readonly<Record<string, readonly string[]>> = {
  tag: ['digest', 'sha'],
  digest: ['tag'],
  sha: ['tag'],
};

const ending = /(?:tag|Tag|TAG|digest|Digest|DIGEST|sha|Sha|SHA)$/u;

/**
 * The keys that would say which image runs too: `imageDigest` for `imageTag`, `image.tag` for `image.digest`. None for a key
 * that is no part of an image.
 */
function partnersOf(key: string): readonly string[] {
  const end = ending.exec(key)?.[0] ?? '';
  const others = endings[end.toLowerCase()] ?? [];
  return others.map((other) => `${key.slice(0, key.length - end.length)}${spelledLike(end, other)}`);
}

function spelledLike(example: string, word: string): string {
  if (example === example.toUpperCase()) return word.toUpperCase();
  return example === example.toLowerCase() ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

/** The key beside this one that says which image runs too; undefined where there is none that is filled. */
export function partnerOf(key: string, isFilled: (other: string) => boolean): string | undefined {
  return partnersOf(key).find(isFilled);
}

/** Why one of them does not move alone. `mend` says what to do. */
export function contradiction(partner: string, name: string, mend: string): string {
  return `${partner} stands beside ${name} and says which image runs too; moving one alone would contradict the other. ${mend}`;
}

/** What the two move as: together or not at all. */
export function pairUnit(artifact: string, partner: string): string {
  return [artifact, partner].toSorted().join(' ');
}
