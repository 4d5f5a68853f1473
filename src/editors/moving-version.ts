import { shown } from './shown.ts';

/** Branches by their usual names, and what follows them: what they name is another commit tomorrow. */
const branchNames = /^(?:HEAD|main|master|trunk|develop|development|next|refs\/heads\/.+)$/iu;

/** Why a Git revision cannot be promoted, or undefined: a branch names whatever was pushed last. */
export function revisionObstacle(text: string): string | undefined {
  if (text === '' || branchNames.test(text)) {
    const named = text === '' ? 'No revision' : `\`${shown(text)}\``;
    return `${named} names whatever was pushed last, not a version: pin a tag or a commit.`;
  }
  return undefined;
}

/** Characters and words that make a range of versions in Helm, Flux and Argo CD. */
const range = /[*^~<>=|, ]|^[xX]$|\.[xX](?:\.|$)|^$/u;

/** Why the version of a chart cannot be promoted, or undefined: what a range stands for changes with every new version. */
export function chartObstacle(text: string): string | undefined {
  if (text === '') return 'No version names whatever is newest, not what ran: pin a version.';
  return range.test(text)
    ? `\`${shown(text)}\` is a range of versions, and stands for another one tomorrow: pin a version.`
    : undefined;
}
